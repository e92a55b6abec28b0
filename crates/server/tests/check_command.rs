//! `confidant check`, as an operator runs it.

#![allow(
    clippy::unwrap_used,
    reason = "the helpers of a test may fail where the test may"
)]

use std::{
    fs,
    process::{Command, Output},
};

/// Returns the exit code, standard output and standard error of checking this
/// configuration with these environment variables.
fn check(toml: &str, variables: &[(&str, &str)]) -> (Option<i32>, String, String) {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("c.toml"), toml).unwrap();
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
    let files = fs::read_dir(&folder).unwrap().count();
    assert_eq!(files, 1, "the check wrote files");
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (status.code(), text(stdout), text(stderr))
}

#[test]
fn a_valid_configuration_is_summarised_with_exit_code_0() {
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
fn an_invalid_configuration_is_reported_with_its_line_and_exit_code_1() {
    let (code, out, err) = check("listen = 3000\n", &[]);
    assert_eq!((code, out.as_str()), (Some(1), ""));
    assert_eq!(
        err,
        "c.toml:1: listen: invalid type: integer `3000`, expected a string\n"
    );
}
