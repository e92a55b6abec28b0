//! wasm-opt, from npm's `binaryen`: the tests' package.json pins it.

use std::fs;

use crate::{
    failure::{AtPath, Failure},
    npm,
    stamp::Stamp,
    wasm::Bundle,
    workspace::Workspace,
};

/// How hard to try. What the others save, brotli would have saved, too: when this
/// was chosen, -Os and -Oz were 5 % larger after brotli, and nothing at all 1 %.
const LEVEL: &str = "-O1";

/// Features that Rust's output uses and wasm-opt must be told of.
const FEATURES: [&str; 2] = ["--enable-bulk-memory", "--enable-nontrapping-float-to-int"];

/// Makes the bundle's module smaller; the result lies beside the bundle given.
///
/// # Errors
/// When wasm-opt fails or a file cannot be copied.
pub(crate) fn optimise(workspace: &Workspace, bundle: &Bundle) -> Result<Bundle, Failure> {
    let optimised = Bundle {
        pages: bundle.pages,
        folder: bundle.folder.with_file_name("optimised"),
    };
    Stamp::of(workspace, &format!("wasm-opt-{}", bundle.pages.name()))
        .text(LEVEL)
        .file(&workspace.end2end().join("package-lock.json"))?
        .file(&bundle.module())?
        .file(&bundle.script())?
        .unless_done(&optimised.module(), || {
            copy_folder(bundle, &optimised)?;
            npm::local_program(workspace, "wasm-opt")
                .arg(LEVEL)
                .args(FEATURES)
                .arg(bundle.module())
                .arg("-o")
                .arg(optimised.module())
                .run()
        })?;
    Ok(optimised)
}

fn copy_folder(from: &Bundle, to: &Bundle) -> Result<(), Failure> {
    if to.folder.exists() {
        fs::remove_dir_all(&to.folder).at(&to.folder)?;
    }
    crate::site::copy_tree(&from.folder, &to.folder)
}
