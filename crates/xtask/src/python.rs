//! The Python packages of end2end: a provider and two clients that this project did
//! not write. requirements.txt pins their versions.

use std::path::PathBuf;

use crate::{
    debian,
    error::Error,
    program::{Program, find_program},
    stamp::Stamp,
    steps::Steps,
    workspace::Workspace,
};

/// Returns the path of the Python that has the packages.
pub(crate) fn interpreter(workspace: &Workspace) -> PathBuf {
    workspace.target().join("python").join("bin").join("python")
}

/// Installs the packages into a virtual environment in the target folder, unless
/// requirements.txt has not changed since.
pub(crate) fn install(workspace: &Workspace, steps: &mut Steps) -> Option<()> {
    steps.run("Install Python packages (end2end)", || {
        let requirements = workspace.end2end().join("requirements.txt");
        let python = interpreter(workspace);
        Stamp::of(workspace, "python")
            .file(&requirements)?
            .unless_done(&python, || {
                create_environment(workspace)?;
                Program::new(&python)
                    .args(["-m", "pip", "install", "--quiet", "--no-input"])
                    .args(["--disable-pip-version-check", "--requirement"])
                    .arg(&requirements)
                    .run()
            })?;
        Ok(())
    })
}

/// Creates the virtual environment. Debian has the module in a package of its own.
fn create_environment(workspace: &Workspace) -> Result<(), Error> {
    let create = || {
        let python = find_program(&["python3"])
            .ok_or_else(|| Error::Message("python3 was not found: install Python 3".into()))?;
        Program::new(python)
            .args(["-m", "venv", "--clear"])
            .arg(workspace.target().join("python"))
            .run()
    };
    create().or_else(|_| {
        debian::install(&["python3-venv"])?;
        create()
    })
}
