//! The project's commands: `cargo xtask test`.

use std::{
    process::{Command, ExitCode},
    time::Instant,
};

fn main() -> ExitCode {
    match std::env::args().nth(1).as_deref() {
        Some("test") => test(),
        _ => {
            eprintln!("usage: cargo xtask test");
            ExitCode::from(2)
        }
    }
}

fn test() -> ExitCode {
    let steps: [(&str, &[&str]); 3] = [
        ("formatting", &["fmt", "--all", "--check"]),
        (
            "clippy",
            &["clippy", "--all-targets", "--", "-D", "warnings"],
        ),
        ("unit and in-process tests", &["test", "--quiet"]),
    ];
    for (what, arguments) in steps {
        println!("── {what}: cargo {}", arguments.join(" "));
        let begun = Instant::now();
        let passed = Command::new("cargo")
            .args(arguments)
            .status()
            .is_ok_and(|status| status.success());
        if !passed {
            eprintln!("── {what}: FAILED");
            return ExitCode::FAILURE;
        }
        println!("── {what}: {:.1} s", begun.elapsed().as_secs_f32());
    }
    ExitCode::SUCCESS
}
