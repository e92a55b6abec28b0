//! The whole test suite, cheap parts first. A part that fails does not keep the
//! others from running, unless they need what it makes.

mod cargo_test;
mod lint;
mod said;

use crate::{
    e2e, server,
    step::{Steps, Tests},
    wasm::{self, Profile},
    workspace::Workspace,
};

/// Runs every check; returns how many tests ran.
pub(crate) fn everything(workspace: &Workspace, steps: &mut Steps) -> Tests {
    lint::formatting(workspace, steps);
    lint::host(workspace, steps);
    let mut tests = cargo_test::run(workspace, steps);
    let Some(toolchain) = wasm::get_toolchain(steps) else {
        return tests;
    };
    lint::browser(workspace, steps, toolchain);
    // The browser tests take the quick builds; the release bundle is built for
    // its weight.
    let bundle = wasm::build(workspace, steps, toolchain, Profile::Debug);
    let server = server::build(workspace, steps, Profile::Debug);
    if bundle.and(server).is_some() {
        tests += e2e::run(workspace, steps, Profile::Debug, &[]).unwrap_or_default();
    }
    wasm::build(workspace, steps, toolchain, Profile::Release);
    tests
}
