//! The npm packages of end2end, which bring Playwright and wasm-opt.
//! package-lock.json pins their versions.

use crate::{program::Program, stamp::Stamp, steps::Steps, workspace::Workspace};

/// Installs the packages, unless package-lock.json has not changed since.
pub(crate) fn install(workspace: &Workspace, steps: &mut Steps) -> Option<()> {
    steps.run("Install npm packages (end2end)", || {
        let folder = workspace.end2end();
        let installed = folder.join("node_modules").join(".package-lock.json");
        Stamp::of(workspace, "npm")
            .file(&folder.join("package.json"))?
            .file(&folder.join("package-lock.json"))?
            .unless_done(&installed, || {
                Program::new("npm")
                    .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
                    .current_dir(&folder)
                    .run()
            })?;
        Ok(())
    })
}

/// Returns a program of one of the packages.
pub(crate) fn local_program(workspace: &Workspace, name: &str) -> Program {
    let file = workspace
        .end2end()
        .join("node_modules")
        .join(".bin")
        .join(name);
    Program::new(file).current_dir(&workspace.end2end())
}
