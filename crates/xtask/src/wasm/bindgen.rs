//! wasm-bindgen as a library: it comes from the same Cargo.lock as the crate of
//! that name, so the two never disagree.

use std::{
    fs,
    path::{Path, PathBuf},
};

use wasm_bindgen_cli_support::Bindgen;

use crate::{
    failure::{AtPath, Failure},
    stamp::Stamp,
    wasm::{Bundle, Profile},
    workspace::Workspace,
};

/// Generates the JavaScript around the compiled module, as an ES module.
///
/// # Errors
/// When the module is not one of wasm-bindgen's, or a file cannot be written.
pub(crate) fn generate(
    workspace: &Workspace,
    compiled: &Path,
    profile: Profile,
) -> Result<Bundle, Failure> {
    let bundle = Bundle {
        folder: folder(workspace, profile),
    };
    Stamp::of(workspace, &format!("bindgen-{}", profile.for_wasm()))
        .file(compiled)?
        .unless_done(&bundle.module(), || {
            if bundle.folder.exists() {
                fs::remove_dir_all(&bundle.folder).at(&bundle.folder)?;
            }
            bind(compiled, &bundle.folder, profile)
                .map_err(|error| Failure::Because(format!("wasm-bindgen: {error:#}")))
        })?;
    Ok(bundle)
}

fn folder(workspace: &Workspace, profile: Profile) -> PathBuf {
    workspace.scratch().join(profile.for_wasm()).join("bundle")
}

fn bind(
    compiled: &Path,
    folder: &Path,
    profile: Profile,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let release = profile == Profile::Release;
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(compiled)
        .out_name("confidant")
        .web(true)?
        .typescript(false)
        // Leptos always says where the module lies.
        .omit_default_module_path(true)
        .remove_name_section(release)
        .remove_producers_section(release)
        .keep_debug(false);
    bindgen.generate(folder)?;
    Ok(())
}
