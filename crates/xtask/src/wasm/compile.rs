//! The browser's crate, compiled.

use std::path::PathBuf;

use serde_json::Value;

use crate::{
    failure::Failure,
    program::Program,
    wasm::{
        Pages, Profile,
        toolchain::{TARGET, Toolchain},
    },
    workspace::Workspace,
};

/// Compiles a frontend; returns the module that wasm-bindgen takes on.
///
/// # Errors
/// When the compiler refuses.
pub(crate) fn compile(
    workspace: &Workspace,
    toolchain: Toolchain,
    profile: Profile,
    pages: Pages,
) -> Result<PathBuf, Failure> {
    toolchain.prepare(profile)?;
    build(workspace, toolchain, profile, pages).run()?;
    Ok(workspace
        .target()
        .join(TARGET)
        .join(profile.for_wasm())
        .join(format!("{}.wasm", pages.package().replace('-', "_"))))
}

/// Compiles again, which costs nothing when nothing changed, and counts warnings:
/// cargo repeats those of our own crates even when they are fresh. `-D warnings`
/// in RUSTFLAGS would build every dependency anew.
///
/// # Errors
/// When the compiler refuses, or when it warns.
pub(crate) fn refuse_warnings(
    workspace: &Workspace,
    toolchain: Toolchain,
    profile: Profile,
    pages: Pages,
) -> Result<(), Failure> {
    let mut warnings = 0_usize;
    build(workspace, toolchain, profile, pages)
        .arg("--message-format=json-render-diagnostics")
        .each_line(|line| warnings += usize::from(is_warning(line)))?;
    if warnings == 0 {
        return Ok(());
    }
    Err(Failure::Because(format!(
        "the compiler warns {warnings} times"
    )))
}

fn build(workspace: &Workspace, toolchain: Toolchain, profile: Profile, pages: Pages) -> Program {
    toolchain
        .build(profile)
        .within(workspace.root())
        .args(["--package", pages.package(), "--lib"])
        .args(["--profile", profile.for_wasm(), "--target", TARGET])
}

/// Whether a line of cargo's JSON is a compiler's warning.
fn is_warning(line: &str) -> bool {
    serde_json::from_str::<Value>(line).is_ok_and(|message| {
        message["reason"] == "compiler-message" && message["message"]["level"] == "warning"
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_warning_is_told_from_everything_else_that_cargo_says() {
        assert!(is_warning(
            r#"{"reason":"compiler-message","message":{"level":"warning","message":"unused"}}"#
        ));
        assert!(!is_warning(
            r#"{"reason":"compiler-message","message":{"level":"note","message":"x"}}"#
        ));
        assert!(!is_warning(
            r#"{"reason":"compiler-artifact","level":"warning"}"#
        ));
        assert!(!is_warning("warning: plain text"));
    }
}
