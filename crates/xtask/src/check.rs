//! The whole test suite, quick parts first. If a part fails, the others still run,
//! unless they need its output.

mod cargo_test;
mod documentation;
mod failed_tests;
mod lint;

use crate::{
    bundle, e2e, matrix,
    profile::Profile,
    server,
    steps::{Steps, Tests},
    wasm,
    workspace::Workspace,
};

/// Runs every check. Returns the numbers of tests.
pub(crate) fn run_all(workspace: &Workspace, steps: &mut Steps) -> Tests {
    lint::formatting(workspace, steps);
    lint::host(workspace, steps);
    documentation::build(workspace, steps);
    let mut tests = cargo_test::run(workspace, steps);
    let Some(toolchain) = wasm::get_toolchain(steps) else {
        return tests;
    };
    let bundles = &bundle::APPLICATION;
    lint::browser(workspace, steps, toolchain, &bundle::ALL);
    // The browser tests use debug builds, which are quicker to build. The release
    // bundles are built for the check of their size.
    let built = wasm::build(workspace, steps, toolchain, Profile::Debug, bundles);
    let server = server::build(workspace, steps, Profile::Debug);
    if built
        .and(server)
        .and(matrix::forget(workspace, steps))
        .is_some()
    {
        tests += e2e::run(workspace, steps, Profile::Debug, &[]).unwrap_or_default();
        matrix::report(workspace, steps);
    }
    wasm::build(workspace, steps, toolchain, Profile::Release, bundles);
    tests
}
