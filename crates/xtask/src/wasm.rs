//! The browser's part of a Leptos application: from Rust to JavaScript and
//! WebAssembly in a site folder.

mod bindgen;
mod compile;
mod optimise;
pub(crate) mod toolchain;

use std::path::PathBuf;

use crate::{
    bundle::Bundle, error::Error, npm, profile::Profile, site, steps::Steps, workspace::Workspace,
};
use toolchain::Toolchain;

/// Finds a compiler that can build for the browser, or installs one.
pub(crate) fn get_toolchain(steps: &mut Steps) -> Option<Toolchain> {
    steps.run("Find a compiler for wasm32-unknown-unknown", || {
        let toolchain = toolchain::find_or_install()?;
        println!("   {toolchain}");
        Ok(toolchain)
    })
}

/// Builds these bundles and publishes them in their site folders.
pub(crate) fn build(
    workspace: &Workspace,
    steps: &mut Steps,
    toolchain: Toolchain,
    profile: Profile,
    bundles: &[Bundle],
) -> Option<()> {
    if profile == Profile::Release {
        npm::install(workspace, steps)?;
    }
    for bundle in bundles {
        build_one(workspace, steps, toolchain, profile, bundle)?;
    }
    Some(())
}

fn build_one(
    workspace: &Workspace,
    steps: &mut Steps,
    toolchain: Toolchain,
    profile: Profile,
    bundle: &Bundle,
) -> Option<()> {
    let name = bundle.name;
    let cargo_profile = profile.for_wasm();
    let compiled = steps.run(
        format!("Compile {name} for the browser ({cargo_profile})"),
        || compile::compile(workspace, toolchain, profile, bundle),
    )?;
    let mut files = steps.run(
        format!("Generate the JavaScript around {name} (wasm-bindgen)"),
        || bindgen::generate(workspace, &compiled, profile, bundle),
    )?;
    if profile == Profile::Release {
        files = steps.run(format!("Optimise {name} (wasm-opt)"), || {
            optimise::optimise(workspace, &files)
        })?;
    }
    let site = relative(workspace, bundle.site_folder(workspace));
    let published = steps.run(format!("Lay out {name} in {site}"), || {
        site::publish(workspace, &files, profile)
    })?;
    if profile == Profile::Release {
        // A bundle that is too large fails this step, but not the rest of the build.
        steps.run(format!("Weigh {name}"), || {
            site::check_size(&published, bundle)
        });
    }
    Some(())
}

/// Fails if the compiler warns about the browser's code of these bundles.
///
/// # Errors
/// If the compiler warns or fails.
pub(crate) fn deny_warnings(
    workspace: &Workspace,
    toolchain: Toolchain,
    profile: Profile,
    bundles: &[Bundle],
) -> Result<(), Error> {
    for bundle in bundles {
        compile::deny_warnings(workspace, toolchain, profile, bundle)?;
    }
    Ok(())
}

/// Returns a path relative to the checkout.
fn relative(workspace: &Workspace, path: PathBuf) -> String {
    path.strip_prefix(workspace.root())
        .unwrap_or(&path)
        .display()
        .to_string()
}
