//! The documentation of the workspace. Its examples are tests of `cargo test`.

use crate::{program::Program, steps::Steps, workspace::Workspace};

/// Builds the documentation of the default members. Fails if rustdoc warns, for
/// example of a link that leads nowhere.
pub(super) fn build(workspace: &Workspace, steps: &mut Steps) {
    steps.run("Check the documentation (cargo doc)", || {
        Program::cargo()
            .current_dir(workspace.root())
            .args(["doc", "--no-deps"])
            .env("RUSTDOCFLAGS", "-D warnings")
            .run()
    });
}
