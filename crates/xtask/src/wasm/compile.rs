//! Compiling the package of a bundle.

use std::path::PathBuf;

use serde_json::Value;

use super::toolchain::{TARGET, Toolchain};
use crate::{
    bundle::Bundle, error::Error, profile::Profile, program::Program, workspace::Workspace,
};

/// Compiles the package and returns the path of the module for wasm-bindgen.
///
/// # Errors
/// If the compiler fails.
pub(super) fn compile(
    workspace: &Workspace,
    toolchain: Toolchain,
    profile: Profile,
    bundle: &Bundle,
) -> Result<PathBuf, Error> {
    toolchain.prepare(profile)?;
    build(workspace, toolchain, profile, bundle).run()?;
    Ok(workspace
        .target()
        .join(TARGET)
        .join(profile.for_wasm())
        .join(bundle.compiled_name()))
}

/// Compiles again and counts the warnings. That costs nothing: cargo repeats the
/// warnings of crates that have not changed. `-D warnings` in RUSTFLAGS would
/// compile every dependency again.
///
/// # Errors
/// If the compiler warns or fails.
pub(super) fn deny_warnings(
    workspace: &Workspace,
    toolchain: Toolchain,
    profile: Profile,
    bundle: &Bundle,
) -> Result<(), Error> {
    let mut warnings = 0_usize;
    build(workspace, toolchain, profile, bundle)
        .arg("--message-format=json-render-diagnostics")
        .for_each_line(|line| warnings += usize::from(is_warning(line)))?;
    if warnings == 0 {
        return Ok(());
    }
    Err(Error::Message(format!(
        "the compiler warns {warnings} times"
    )))
}

fn build(
    workspace: &Workspace,
    toolchain: Toolchain,
    profile: Profile,
    bundle: &Bundle,
) -> Program {
    toolchain
        .build(profile)
        .current_dir(workspace.root())
        .args(["--package", bundle.package, "--lib"])
        .args(bundle.features)
        .args(["--profile", profile.for_wasm(), "--target", TARGET])
}

/// Returns whether a line of cargo's JSON is a warning of the compiler.
fn is_warning(line: &str) -> bool {
    serde_json::from_str::<Value>(line).is_ok_and(|message| {
        message["reason"] == "compiler-message" && message["message"]["level"] == "warning"
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_warning_of_the_compiler_is_a_warning() {
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
