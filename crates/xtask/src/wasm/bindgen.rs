//! wasm-bindgen as a library. Cargo.lock pins it together with the crate of the
//! same name, so their versions always agree.

use std::{error::Error as StdError, fs, path::Path};

use wasm_bindgen_cli_support::Bindgen;

use crate::{
    bundle::{Bundle, BundleFiles},
    error::{AtPath, Error},
    profile::Profile,
    stamp::Stamp,
    workspace::Workspace,
};

/// Generates the JavaScript for the compiled module, as an ES module.
///
/// # Errors
/// If wasm-bindgen does not accept the module, or a file cannot be written.
pub(super) fn generate<'a>(
    workspace: &Workspace,
    compiled: &Path,
    profile: Profile,
    bundle: &'a Bundle,
) -> Result<BundleFiles<'a>, Error> {
    let files = BundleFiles {
        bundle,
        folder: bundle.scratch(workspace, profile).join("bundle"),
    };
    let step = format!("bindgen-{}-{}", bundle.name, profile.for_wasm());
    Stamp::of(workspace, &step)
        .file(compiled)?
        .unless_done(&files.module(), || {
            if files.folder.exists() {
                fs::remove_dir_all(&files.folder).at(&files.folder)?;
            }
            run_bindgen(compiled, &files, profile)
                .map_err(|error| Error::Message(format!("wasm-bindgen: {error:#}")))
        })?;
    Ok(files)
}

fn run_bindgen(
    compiled: &Path,
    files: &BundleFiles<'_>,
    profile: Profile,
) -> Result<(), Box<dyn StdError + Send + Sync>> {
    let release = profile == Profile::Release;
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(compiled)
        .out_name(files.bundle.name)
        .web(true)?
        .typescript(false)
        // Leptos passes the path of the module.
        .omit_default_module_path(true)
        .remove_name_section(release)
        .remove_producers_section(release)
        .keep_debug(false);
    bindgen.generate(&files.folder)?;
    Ok(())
}
