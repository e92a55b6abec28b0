//! wasm-opt from the npm package `binaryen`, whose version end2end/package.json
//! pins.

use std::fs;

use crate::{
    bundle::BundleFiles,
    directory::copy_tree,
    error::{AtPath, Error},
    npm,
    stamp::Stamp,
    workspace::Workspace,
};

/// The optimisation level. When it was chosen, -Os and -Oz led to 5 % more bytes
/// after brotli, and no optimisation to 1 % more.
const LEVEL: &str = "-O1";

/// WebAssembly features that rustc uses and that wasm-opt does not enable by
/// itself.
const FEATURES: [&str; 2] = ["--enable-bulk-memory", "--enable-nontrapping-float-to-int"];

/// Makes the bundle's module smaller. Writes the result into a folder beside the
/// given one.
///
/// # Errors
/// If wasm-opt fails or a file cannot be copied.
pub(super) fn optimise<'a>(
    workspace: &Workspace,
    files: &BundleFiles<'a>,
) -> Result<BundleFiles<'a>, Error> {
    let optimised = BundleFiles {
        bundle: files.bundle,
        folder: files.folder.with_file_name("optimised"),
    };
    Stamp::of(workspace, &format!("wasm-opt-{}", files.bundle.name))
        .text(LEVEL)
        .file(&workspace.end2end().join("package-lock.json"))?
        .file(&files.module())?
        .file(&files.script())?
        .unless_done(&optimised.module(), || {
            if optimised.folder.exists() {
                fs::remove_dir_all(&optimised.folder).at(&optimised.folder)?;
            }
            copy_tree(&files.folder, &optimised.folder)?;
            npm::local_program(workspace, "wasm-opt")
                .arg(LEVEL)
                .args(FEATURES)
                .arg(files.module())
                .arg("-o")
                .arg(optimised.module())
                .run()
        })?;
    Ok(optimised)
}
