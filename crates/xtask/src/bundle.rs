//! The browser bundles: which package each is compiled from, and where its files
//! go. A further Leptos application needs another list of bundles here, and a call
//! of [`wasm::build`](crate::wasm::build) with it.

use std::path::PathBuf;

use crate::{profile::Profile, workspace::Workspace};

/// The bundles of the application. The pages that the server renders load the
/// first, which contains no OAuth client. The pages of the clients that run in the
/// browser load the second.
pub(crate) const APPLICATION: [Bundle; 2] = [
    Bundle {
        package: "confidant-frontend",
        features: &[],
        // LEPTOS_OUTPUT_NAME in `.cargo/config.toml`.
        name: "confidant",
        site: SITE,
        // One stylesheet serves all pages.
        stylesheet: Some("style/main.css"),
        hash_file: "hash.txt",
        // A page with an island that shows one line weighs 81,000.
        size_limit: 155_000,
    },
    Bundle {
        package: "confidant-frontend-browser",
        features: &[],
        name: "confidant-browser",
        site: SITE,
        stylesheet: None,
        hash_file: "hash-browser.txt",
        // With two OAuth clients and the comparison.
        size_limit: 315_000,
    },
];

/// The bundle of the library's Leptos example.
pub(crate) const LEPTOS_EXAMPLE: [Bundle; 1] = [Bundle {
    package: "confidant-example-leptos",
    features: &["--no-default-features", "--features", "hydrate"],
    name: "example",
    site: "example-leptos",
    stylesheet: None,
    hash_file: "hash-example.txt",
    size_limit: 170_000,
}];

/// All bundles, those of each application together.
pub(crate) const ALL: [&[Bundle]; 2] = [&APPLICATION, &LEPTOS_EXAMPLE];

/// The site folder of the application, under `target`.
const SITE: &str = "site";

/// JavaScript and WebAssembly for some pages of a Leptos application.
#[derive(Debug)]
pub(crate) struct Bundle {
    /// The package with the library that is compiled to WebAssembly.
    pub(crate) package: &'static str,
    /// Cargo's arguments that select the features of the package.
    pub(crate) features: &'static [&'static str],
    /// The name of the bundle's files, without an extension.
    pub(crate) name: &'static str,
    /// The site folder under `target`; `site-root` of cargo-leptos.
    pub(crate) site: &'static str,
    /// The stylesheet in the checkout that is published with the bundle.
    pub(crate) stylesheet: Option<&'static str>,
    /// The file beside the server's binary that tells Leptos the hashed names.
    pub(crate) hash_file: &'static str,
    /// The most that JavaScript and WebAssembly may weigh together after brotli, in
    /// bytes.
    pub(crate) size_limit: u64,
}

impl Bundle {
    /// Returns the folder that the server serves static files from.
    pub(crate) fn site_folder(&self, workspace: &Workspace) -> PathBuf {
        workspace.target().join(self.site)
    }

    /// Returns the folder of the bundle's files; `site-pkg-dir` of cargo-leptos.
    pub(crate) fn package_folder(&self, workspace: &Workspace) -> PathBuf {
        self.site_folder(workspace).join("pkg")
    }

    /// Returns the name of the file that rustc writes for the package.
    pub(crate) fn compiled_name(&self) -> String {
        format!("{}.wasm", self.package.replace('-', "_"))
    }

    /// Returns the folder for the generated files of one profile.
    pub(crate) fn scratch(&self, workspace: &Workspace, profile: Profile) -> PathBuf {
        let scratch = workspace.scratch().join(profile.for_wasm());
        scratch.join(self.name)
    }
}

/// Returns the site folder of the application.
pub(crate) fn site_folder(workspace: &Workspace) -> PathBuf {
    workspace.target().join(SITE)
}

/// The files that wasm-bindgen has generated for a bundle.
#[derive(Debug)]
pub(crate) struct BundleFiles<'a> {
    /// The bundle.
    pub(crate) bundle: &'a Bundle,
    /// Their folder.
    pub(crate) folder: PathBuf,
}

impl BundleFiles<'_> {
    /// Returns the path of the JavaScript.
    pub(crate) fn script(&self) -> PathBuf {
        self.folder.join(format!("{}.js", self.bundle.name))
    }

    /// Returns the path of the WebAssembly.
    pub(crate) fn module(&self) -> PathBuf {
        self.folder.join(format!("{}_bg.wasm", self.bundle.name))
    }

    /// Returns the folder with JavaScript of other crates that the script imports.
    /// It may not exist.
    pub(crate) fn snippets(&self) -> PathBuf {
        self.folder.join("snippets")
    }
}
