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
    wasm::{Bundle, Pages, Profile},
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
    pages: Pages,
) -> Result<Bundle, Failure> {
    let bundle = Bundle {
        pages,
        folder: folder(workspace, profile, pages),
    };
    let step = format!("bindgen-{}-{}", pages.name(), profile.for_wasm());
    Stamp::of(workspace, &step)
        .file(compiled)?
        .unless_done(&bundle.module(), || {
            if bundle.folder.exists() {
                fs::remove_dir_all(&bundle.folder).at(&bundle.folder)?;
            }
            bind(compiled, &bundle, profile)
                .map_err(|error| Failure::Because(format!("wasm-bindgen: {error:#}")))
        })?;
    Ok(bundle)
}

fn folder(workspace: &Workspace, profile: Profile, pages: Pages) -> PathBuf {
    let scratch = workspace.scratch().join(profile.for_wasm());
    scratch.join(pages.name()).join("bundle")
}

fn bind(
    compiled: &Path,
    bundle: &Bundle,
    profile: Profile,
) -> Result<(), Box<dyn std::error::Error + Send + Sync>> {
    let release = profile == Profile::Release;
    let mut bindgen = Bindgen::new();
    bindgen
        .input_path(compiled)
        .out_name(bundle.pages.name())
        .web(true)?
        .typescript(false)
        // Leptos always says where the module lies.
        .omit_default_module_path(true)
        .remove_name_section(release)
        .remove_producers_section(release)
        .keep_debug(false);
    bindgen.generate(&bundle.folder)?;
    Ok(())
}
