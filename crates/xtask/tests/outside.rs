//! A crate outside the workspace that uses the library by its path: what another
//! team has after it has copied the example from the README.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use std::{
    env, fs,
    path::Path,
    process::{Command, Stdio},
};

/// The versions are those of the lock file, so nothing is downloaded.
fn manifest(library: &Path) -> String {
    format!(
        r#"[package]
name = "outside"
version = "0.1.0"
edition = "2024"

[dependencies]
axum = "0.8"
confidant-bff = {{ path = {library:?} }}
tokio = {{ version = "1", features = ["macros", "net", "rt-multi-thread"] }}
"#
    )
}

#[test]
fn the_example_of_the_readme_compiles_in_a_crate_outside_the_workspace() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2);
    let root = root.unwrap();
    let library = root.join("crates/bff");
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| fs::write(folder.path().join(name), text).unwrap();
    fs::create_dir(folder.path().join("src")).unwrap();
    write("Cargo.toml", &manifest(&library));
    let example = library.join("examples/axum-minimal/main.rs");
    write("src/main.rs", &fs::read_to_string(example).unwrap());
    let lock = fs::read_to_string(root.join("Cargo.lock")).unwrap();
    write("Cargo.lock", &lock);
    let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["check", "--offline"])
        .current_dir(&folder)
        .env("CARGO_TARGET_DIR", root.join("target/outside"))
        // Cargo sets these for this test, and they would reach build scripts.
        .env_remove("CARGO_MANIFEST_DIR")
        .env_remove("RUSTFLAGS")
        .stdin(Stdio::null())
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
}
