//! Formatting and lints, for the code of the server and of the browser.

use crate::{
    bundle::Bundle,
    error::Error,
    profile::Profile,
    program::Program,
    steps::Steps,
    wasm::{
        self,
        toolchain::{TARGET, Toolchain},
    },
    workspace::Workspace,
};

/// Checks the formatting.
pub(super) fn formatting(workspace: &Workspace, steps: &mut Steps) {
    steps.run("Check the formatting (cargo fmt)", || {
        Program::cargo()
            .current_dir(workspace.root())
            .args(["fmt", "--all", "--check"])
            .run()
    });
}

/// Runs clippy on all code for this machine.
pub(super) fn host(workspace: &Workspace, steps: &mut Steps) {
    steps.run("Lint the server's crates (clippy)", || {
        clippy(workspace, &["--all-targets"])
    });
    steps.run("Lint the server without the demo (clippy)", || {
        let package = ["--package", "confidant", "--all-targets"];
        clippy(
            workspace,
            &[&package[..], &["--no-default-features"]].concat(),
        )
    });
}

/// Checks the browser's code. Debian's compiler has no clippy. With it, clippy
/// checks the application natively with the browser's features, and the compiler
/// checks the code for the real target.
pub(super) fn browser(
    workspace: &Workspace,
    steps: &mut Steps,
    toolchain: Toolchain,
    bundles: &[&[Bundle]],
) {
    if toolchain.has_clippy() {
        steps.run("Lint the browser's crates (clippy, wasm32)", || {
            bundles.iter().copied().flatten().try_for_each(|bundle| {
                let package = ["--package", bundle.package, "--target", TARGET];
                clippy(workspace, &[&package[..], bundle.features].concat())
            })
        });
        return;
    }
    steps.run(
        "Lint the UI with the browser's features (clippy, but not for wasm32: \
         Debian's compiler has none)",
        || {
            let package = ["--package", "confidant-app", "--no-default-features"];
            clippy(
                workspace,
                &[&package[..], &["--features", "hydrate"]].concat(),
            )
        },
    );
    steps.run(
        "Refuse warnings about the browser's crates (rustc, wasm32)",
        || {
            bundles.iter().try_for_each(|bundles| {
                wasm::deny_warnings(workspace, toolchain, Profile::Debug, bundles)
            })
        },
    );
}

fn clippy(workspace: &Workspace, arguments: &[&str]) -> Result<(), Error> {
    Program::cargo()
        .current_dir(workspace.root())
        .arg("clippy")
        .args(arguments)
        .args(["--", "-D", "warnings"])
        .run()
}
