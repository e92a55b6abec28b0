//! The browser bundle: from Rust to one JavaScript and one WebAssembly file.

mod bindgen;
mod compile;
pub(crate) mod debian;
mod optimise;
pub(crate) mod toolchain;

use std::path::PathBuf;

use crate::{failure::Failure, npm, site, step::Steps, workspace::Workspace};
use toolchain::Toolchain;

/// How much work goes into making the result small and fast.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Profile {
    /// Quick to build.
    Debug,
    /// Small and fast.
    Release,
}

impl Profile {
    /// Reads `--release`.
    pub(crate) fn released(release: bool) -> Self {
        if release { Self::Release } else { Self::Debug }
    }

    /// Cargo's profile for the browser's crate.
    pub(crate) fn for_wasm(self) -> &'static str {
        match self {
            Self::Debug => "wasm-dev",
            Self::Release => "wasm-release",
        }
    }

    /// Cargo's profile for the server, which is also its folder under `target`
    /// but for the name that cargo gives the folder of `dev`.
    pub(crate) fn for_server(self) -> &'static str {
        match self {
            Self::Debug => "dev",
            Self::Release => "release",
        }
    }

    /// The folder of the server's binary under `target`.
    pub(crate) fn folder(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Release => "release",
        }
    }
}

/// The bundle's two files and the folder with their snippets.
#[derive(Debug)]
pub(crate) struct Bundle {
    /// Where they lie.
    pub(crate) folder: PathBuf,
}

impl Bundle {
    /// The JavaScript.
    pub(crate) fn script(&self) -> PathBuf {
        self.folder.join("confidant.js")
    }

    /// The WebAssembly.
    pub(crate) fn module(&self) -> PathBuf {
        self.folder.join("confidant_bg.wasm")
    }

    /// Code that crates bring along for the script to import; may not exist.
    pub(crate) fn snippets(&self) -> PathBuf {
        self.folder.join("snippets")
    }
}

/// Finds or gets a compiler that can build for the browser.
pub(crate) fn get_toolchain(steps: &mut Steps) -> Option<Toolchain> {
    steps.take("Find a compiler for wasm32-unknown-unknown", || {
        let toolchain = toolchain::find_or_get()?;
        println!("   {toolchain}");
        Ok(toolchain)
    })
}

/// Builds the bundle and lays it out in the site folder.
pub(crate) fn build(
    workspace: &Workspace,
    steps: &mut Steps,
    toolchain: Toolchain,
    profile: Profile,
) -> Option<()> {
    let name = profile.for_wasm();
    let compiled = steps.take(format!("Compile the browser's crate ({name})"), || {
        compile::compile(workspace, toolchain, profile)
    })?;
    let mut bundle = steps.take("Generate the JavaScript around it (wasm-bindgen)", || {
        bindgen::generate(workspace, &compiled, profile)
    })?;
    if profile == Profile::Release {
        npm::install(workspace, steps)?;
        bundle = steps.take("Optimise it (wasm-opt)", || {
            optimise::optimise(workspace, &bundle)
        })?;
    }
    let placed = steps.take(
        format!("Lay out {}", shown(workspace, workspace.site())),
        || site::lay_out(workspace, &bundle, profile),
    )?;
    if profile == Profile::Release {
        // Too heavy is a failure to report, and no reason to build nothing more.
        steps.take("Weigh what the browser gets", || site::weigh(&placed));
    }
    Some(())
}

/// The compiler's warnings about our own crates when it builds for the browser.
///
/// # Errors
/// When it fails, or when there is one.
pub(crate) fn refuse_warnings(
    workspace: &Workspace,
    toolchain: Toolchain,
    profile: Profile,
) -> Result<(), Failure> {
    compile::refuse_warnings(workspace, toolchain, profile)
}

/// A path as seen from the checkout.
fn shown(workspace: &Workspace, path: PathBuf) -> String {
    path.strip_prefix(workspace.root())
        .unwrap_or(&path)
        .display()
        .to_string()
}
