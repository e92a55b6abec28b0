//! npm: Playwright and wasm-opt, pinned by `end2end/package-lock.json`.

use crate::{program::Program, stamp::Stamp, step::Steps, workspace::Workspace};

/// Installs the packages, unless they are as the lock file says.
pub(crate) fn install(workspace: &Workspace, steps: &mut Steps) -> Option<()> {
    steps.take("Install npm packages (end2end)", || {
        let folder = workspace.end2end();
        let installed = folder.join("node_modules").join(".package-lock.json");
        Stamp::of(workspace, "npm")
            .file(&folder.join("package.json"))?
            .file(&folder.join("package-lock.json"))?
            .unless_done(&installed, || {
                Program::new("npm")
                    .args(["ci", "--no-audit", "--no-fund", "--loglevel=error"])
                    .within(&folder)
                    .run()
            })?;
        Ok(())
    })
}

/// A program that one of those packages brought.
pub(crate) fn local_program(workspace: &Workspace, name: &str) -> Program {
    let file = workspace
        .end2end()
        .join("node_modules")
        .join(".bin")
        .join(name);
    Program::new(file).within(&workspace.end2end())
}
