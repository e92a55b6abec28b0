//! The program `confidant`: building it, starting it, and waiting for it.

mod addresses;
mod health;
mod signals;

use std::{env, fs, io, path::PathBuf, process::ExitCode, time::Duration};

use confidant_test_support::{poll::poll_until, process::Process};

use crate::{
    bundle,
    error::{AtPath, Error},
    profile::Profile,
    program::Program,
    steps::Steps,
    wasm,
    workspace::Workspace,
};
use addresses::Addresses;

/// How long the server may take to respond. The first start creates keys and a
/// database, which takes milliseconds.
const START_LIMIT: Duration = Duration::from_secs(30);

/// Builds the application's browser bundles and the server.
pub(crate) fn build_with_bundles(
    workspace: &Workspace,
    steps: &mut Steps,
    profile: Profile,
) -> Option<()> {
    let toolchain = wasm::get_toolchain(steps)?;
    wasm::build(workspace, steps, toolchain, profile, &bundle::APPLICATION)?;
    build(workspace, steps, profile)
}

/// Builds the server with the installed stable compiler.
pub(crate) fn build(workspace: &Workspace, steps: &mut Steps, profile: Profile) -> Option<()> {
    let name = profile.for_server();
    steps.run(format!("Build the server ({name})"), || {
        Program::cargo()
            .current_dir(workspace.root())
            .args(["build", "--package", "confidant", "--bin", "confidant"])
            .args(["--profile", name])
            .run()
    })
}

/// Returns the path of the server's binary.
pub(crate) fn binary(workspace: &Workspace, profile: Profile) -> PathBuf {
    workspace.target().join(profile.folder()).join("confidant")
}

/// Starts the server, prints its address once it responds, and waits until it ends.
/// Returns its exit code.
pub(crate) fn run(workspace: &Workspace, profile: Profile) -> ExitCode {
    match start_and_wait(workspace, profile) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("── {error}");
            ExitCode::FAILURE
        }
    }
}

fn start_and_wait(workspace: &Workspace, profile: Profile) -> Result<ExitCode, Error> {
    let addresses = Addresses::from_environment(|name| env::var(name).ok())?;
    addresses.check_free()?;
    println!("── Start the application and its demo provider");
    let mut server = start(workspace, profile, &addresses)?;
    signals::forward_to(&server)?;
    if wait_until_healthy(&mut server, &addresses)? {
        let url = addresses.public_url();
        println!("── Open {url}  (Ctrl-C ends it)");
    }
    let status = server.wait().map_err(not_started)?;
    Ok(signals::exit_code(status))
}

fn start(workspace: &Workspace, profile: Profile, addresses: &Addresses) -> Result<Process, Error> {
    let mut program = Program::new(binary(workspace, profile))
        .arg("serve")
        .current_dir(workspace.root())
        .env("LEPTOS_SITE_ROOT", bundle::site_folder(workspace))
        .env("CONFIDANT_PUBLIC_URL", addresses.public_url());
    if profile == Profile::Release {
        program = program.env("LEPTOS_HASH_FILES", "true");
    }
    if env::var_os("CONFIDANT_STORE").is_none() {
        let folder = workspace.target().join("demo");
        fs::create_dir_all(&folder).at(&folder)?;
        let store = format!("sqlite:{}", folder.join("confidant.db").display());
        program = program.env("CONFIDANT_STORE", store);
    }
    let mut command = program.into_command();
    signals::detach_from_terminal(&mut command);
    Process::spawn(&mut command).map_err(not_started)
}

fn not_started(source: io::Error) -> Error {
    Error::Start {
        program: "confidant".into(),
        source,
    }
}

/// Waits until the server responds (true) or has ended by itself (false).
fn wait_until_healthy(server: &mut Process, addresses: &Addresses) -> Result<bool, Error> {
    let mut ended = false;
    let mut healthy = false;
    poll_until(START_LIMIT, || {
        ended = server.exit_status().is_some();
        healthy = !ended && health::is_healthy(addresses.listen());
        healthy || ended
    });
    if healthy || ended {
        return Ok(healthy);
    }
    Err(Error::Message(format!(
        "the server did not answer GET /livez at {} within {} s",
        addresses.listen(),
        START_LIMIT.as_secs()
    )))
}
