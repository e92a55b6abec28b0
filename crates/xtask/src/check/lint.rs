//! Formatting and lints, for the server's compiler and for the browser's.

use crate::{
    program::Program,
    step::Steps,
    wasm::{
        self, Pages, Profile,
        toolchain::{TARGET, Toolchain},
    },
    workspace::Workspace,
};

/// `cargo fmt`.
pub(crate) fn formatting(workspace: &Workspace, steps: &mut Steps) {
    steps.take("Check the formatting (cargo fmt)", || {
        Program::cargo()
            .within(workspace.root())
            .args(["fmt", "--all", "--check"])
            .run()
    });
}

/// Clippy over everything that runs on this machine.
pub(crate) fn host(workspace: &Workspace, steps: &mut Steps) {
    steps.take("Lint the server's crates (clippy)", || {
        clippy(workspace, &["--all-targets"])
    });
}

/// The browser's crates. Debian's compiler comes without clippy: there, clippy
/// reads the UI natively with the browser's features, and the compiler's own
/// lints see the real target.
pub(crate) fn browser(workspace: &Workspace, steps: &mut Steps, toolchain: Toolchain) {
    if toolchain.has_clippy() {
        steps.take("Lint the browser's crates (clippy, wasm32)", || {
            for pages in Pages::ALL {
                clippy(
                    workspace,
                    &["--package", pages.package(), "--target", TARGET],
                )?;
            }
            Ok(())
        });
        return;
    }
    steps.take(
        "Lint the UI with the browser's features (clippy, but not for wasm32: \
         Debian's compiler has none)",
        || {
            clippy(
                workspace,
                &[
                    "--package",
                    "confidant-app",
                    "--no-default-features",
                    "--features",
                    "hydrate",
                ],
            )
        },
    );
    steps.take(
        "Refuse warnings about the browser's crates (rustc, wasm32)",
        || wasm::refuse_warnings(workspace, toolchain, Profile::Debug),
    );
}

fn clippy(workspace: &Workspace, what: &[&str]) -> Result<(), crate::failure::Failure> {
    Program::cargo()
        .within(workspace.root())
        .arg("clippy")
        .args(what)
        .args(["--", "-D", "warnings"])
        .run()
}
