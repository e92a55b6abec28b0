//! The Leptos example of the library, with its browser bundle.

use std::process::ExitCode;

use crate::{
    bundle::LEPTOS_EXAMPLE, profile::Profile, program::Program, steps::Steps, wasm,
    workspace::Workspace,
};

/// Builds the example and runs it until it ends. The demo provider runs elsewhere.
pub(crate) fn build_and_run(workspace: &Workspace, steps: &mut Steps) -> ExitCode {
    let [bundle] = &LEPTOS_EXAMPLE;
    let built = wasm::get_toolchain(steps).and_then(|toolchain| {
        wasm::build(workspace, steps, toolchain, Profile::Debug, &LEPTOS_EXAMPLE)
    });
    if built.is_some() {
        steps.run("Build and start the Leptos example", || {
            Program::cargo()
                .current_dir(workspace.root())
                .args(["run", "--package", bundle.package])
                .env("LEPTOS_SITE_ROOT", bundle.site_folder(workspace))
                .run()
        });
    }
    steps.finish()
}
