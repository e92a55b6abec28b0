//! `confidant check`, as a person runs it.

#![allow(
    clippy::unwrap_used,
    reason = "the helpers of a test may fail where the test may"
)]

use std::process::{Command, Output};

fn check(text: &str, variables: &[(&str, &str)]) -> (Option<i32>, String, String) {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("c.toml");
    std::fs::write(&path, text).unwrap();
    let Output {
        status,
        stdout,
        stderr,
    } = Command::new(env!("CARGO_BIN_EXE_confidant"))
        .args(["check", "--config", "c.toml"])
        .current_dir(&folder)
        .env_clear()
        .envs(variables.iter().copied())
        .output()
        .unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let left = std::fs::read_dir(&folder).unwrap().count();
    assert_eq!(left, 1, "checking made files");
    (status.code(), text(stdout), text(stderr))
}

#[test]
fn a_right_configuration_is_summed_up_and_ends_with_0() {
    let google = include_str!("../config/google.toml");
    let (code, out, err) = check(google, &[("GOOGLE_CLIENT_SECRET", "hush")]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert!(out.starts_with("c.toml is valid.\n"), "{out}");
    assert!(
        out.contains("discovery at https://accounts.google.com"),
        "{out}"
    );
    assert!(!out.contains("hush"));
}

#[test]
fn a_wrong_configuration_is_told_with_its_lines_and_ends_with_1() {
    let (code, out, err) = check("listen = 3000\n", &[]);
    assert_eq!((code, out.as_str()), (Some(1), ""));
    assert_eq!(
        err,
        "c.toml:1: listen: invalid type: integer `3000`, expected a string\n"
    );
}
