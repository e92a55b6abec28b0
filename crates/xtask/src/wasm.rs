//! The browser bundle: from Rust to one JavaScript and one WebAssembly file.

mod bindgen;
mod compile;
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

/// Which pages a bundle is for. What the other kinds need, the pages of the
/// backend for frontend do not load.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pages {
    /// Those that the server draws: they load no OAuth client at all.
    Drawn,
    /// Those of clients that live in the browser.
    Live,
}

impl Pages {
    /// Both.
    pub(crate) const ALL: [Self; 2] = [Self::Drawn, Self::Live];

    /// The name of its files; the first is what LEPTOS_OUTPUT_NAME says in
    /// `.cargo/config.toml`.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Drawn => "confidant",
            Self::Live => "confidant-browser",
        }
    }

    /// The file beside the server's binary that says how its files are called.
    pub(crate) fn hash_file(self) -> &'static str {
        match self {
            Self::Drawn => "hash.txt",
            Self::Live => "hash-browser.txt",
        }
    }

    /// The package that is built for it.
    pub(crate) fn package(self) -> &'static str {
        match self {
            Self::Drawn => "confidant-frontend",
            Self::Live => "confidant-frontend-browser",
        }
    }
}

/// The bundle's two files and the folder with their snippets.
#[derive(Debug)]
pub(crate) struct Bundle {
    /// Which pages it is for.
    pub(crate) pages: Pages,
    /// Where they lie.
    pub(crate) folder: PathBuf,
}

impl Bundle {
    /// The JavaScript.
    pub(crate) fn script(&self) -> PathBuf {
        self.folder.join(format!("{}.js", self.pages.name()))
    }

    /// The WebAssembly.
    pub(crate) fn module(&self) -> PathBuf {
        self.folder.join(format!("{}_bg.wasm", self.pages.name()))
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

/// Builds both bundles and lays them out in the site folder.
pub(crate) fn build(
    workspace: &Workspace,
    steps: &mut Steps,
    toolchain: Toolchain,
    profile: Profile,
) -> Option<()> {
    if profile == Profile::Release {
        npm::install(workspace, steps)?;
    }
    for pages in Pages::ALL {
        build_one(workspace, steps, toolchain, profile, pages)?;
    }
    Some(())
}

fn build_one(
    workspace: &Workspace,
    steps: &mut Steps,
    toolchain: Toolchain,
    profile: Profile,
    pages: Pages,
) -> Option<()> {
    let name = pages.name();
    let cargo_profile = profile.for_wasm();
    let compiled = steps.take(
        format!("Compile {name} for the browser ({cargo_profile})"),
        || compile::compile(workspace, toolchain, profile, pages),
    )?;
    let mut bundle = steps.take(
        format!("Generate the JavaScript around {name} (wasm-bindgen)"),
        || bindgen::generate(workspace, &compiled, profile, pages),
    )?;
    if profile == Profile::Release {
        bundle = steps.take(format!("Optimise {name} (wasm-opt)"), || {
            optimise::optimise(workspace, &bundle)
        })?;
    }
    let placed = steps.take(
        format!("Lay out {name} in {}", shown(workspace, workspace.site())),
        || site::lay_out(workspace, &bundle, profile),
    )?;
    if profile == Profile::Release {
        // Too heavy is a failure to report, and no reason to build nothing more.
        steps.take(format!("Weigh {name}"), || site::weigh(&placed, pages));
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
    for pages in Pages::ALL {
        compile::refuse_warnings(workspace, toolchain, profile, pages)?;
    }
    Ok(())
}

/// A path as seen from the checkout.
fn shown(workspace: &Workspace, path: PathBuf) -> String {
    path.strip_prefix(workspace.root())
        .unwrap_or(&path)
        .display()
        .to_string()
}
