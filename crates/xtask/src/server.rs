//! The `confidant` binary: built, started, watched.

mod addresses;
mod readiness;
mod signals;

use std::{
    env, fs,
    path::PathBuf,
    process::{Child, ExitCode},
    time::Duration,
};

use crate::{
    deadline,
    failure::{AtPath, Failure},
    program::Program,
    step::Steps,
    wasm::{self, Profile},
    workspace::Workspace,
};
use addresses::Addresses;

/// How long the server may take to say that it is well. A first start makes keys
/// and a database; that takes milliseconds.
const START_LIMIT: Duration = Duration::from_secs(30);

/// Builds the browser bundle and the server.
pub(crate) fn build_all(workspace: &Workspace, steps: &mut Steps, profile: Profile) -> Option<()> {
    let toolchain = wasm::get_toolchain(steps)?;
    wasm::build(workspace, steps, toolchain, profile)?;
    build(workspace, steps, profile)
}

/// Builds the server with the installed stable compiler.
pub(crate) fn build(workspace: &Workspace, steps: &mut Steps, profile: Profile) -> Option<()> {
    let name = profile.for_server();
    steps.take(format!("Build the server ({name})"), || {
        Program::cargo()
            .within(workspace.root())
            .args(["build", "--package", "confidant", "--bin", "confidant"])
            .args(["--profile", name])
            .run()
    })
}

/// The server's binary.
pub(crate) fn binary(workspace: &Workspace, profile: Profile) -> PathBuf {
    workspace.target().join(profile.folder()).join("confidant")
}

/// Starts the server, says where it is once it answers, and ends as it ends.
pub(crate) fn run(workspace: &Workspace, profile: Profile) -> ExitCode {
    match start_and_wait(workspace, profile) {
        Ok(code) => code,
        Err(failure) => {
            eprintln!("── {failure}");
            ExitCode::FAILURE
        }
    }
}

fn start_and_wait(workspace: &Workspace, profile: Profile) -> Result<ExitCode, Failure> {
    let addresses = Addresses::from_environment(|name| env::var(name).ok())?;
    addresses.refuse_busy()?;
    println!("── Start the application and its demo provider");
    let mut child = start(workspace, profile, &addresses)?;
    signals::forward_to(&child)?;
    if announce(&mut child, &addresses)? {
        println!("── Open {}  (Ctrl-C ends it)", addresses.open());
    }
    let status = child.wait().map_err(|source| Failure::Start {
        program: "confidant".into(),
        source,
    })?;
    Ok(signals::exit_code(status))
}

fn start(workspace: &Workspace, profile: Profile, addresses: &Addresses) -> Result<Child, Failure> {
    let mut program = Program::new(binary(workspace, profile))
        .arg("serve")
        .within(workspace.root())
        .env("LEPTOS_SITE_ROOT", workspace.site())
        .env("CONFIDANT_PUBLIC_URL", addresses.open());
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
    signals::set_apart(&mut command);
    command.spawn().map_err(|source| Failure::Start {
        program: "confidant".into(),
        source,
    })
}

/// Waits until the server answers (true) or has ended by itself (false).
fn announce(child: &mut Child, addresses: &Addresses) -> Result<bool, Failure> {
    let mut ended = false;
    let mut ready = false;
    deadline::wait(START_LIMIT, || {
        ended = matches!(child.try_wait(), Ok(Some(_)));
        ready = !ended && readiness::answers(addresses.listen());
        ready || ended
    });
    if ready || ended {
        return Ok(ready);
    }
    // Nothing else waits for it: it would outlive us.
    let _ = child.kill();
    let _ = child.wait();
    Err(Failure::Because(format!(
        "the server did not answer GET /healthz at {} within {} s",
        addresses.listen(),
        START_LIMIT.as_secs()
    )))
}
