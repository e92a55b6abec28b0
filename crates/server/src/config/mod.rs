//! The configuration: one TOML file, every key overridable by environment.
//!
//! - `document`: text and variables as one tree that knows where each value
//!   came from
//! - `schema`: the keys
//! - `check`, `provider`, `api`, `secret`, `address`, `duration`: what the
//!   values mean
//! - [`error`]: what is wrong, and where
//! - [`summary`]: what a right configuration says

mod address;
mod api;
mod document;
mod duration;
mod environment;
pub mod error;
mod library;
mod provider;
mod schema;
mod secret;
pub mod summary;
mod validate;

pub use environment::Environment;
pub use error::{ConfigError, Diagnostic, Location};
pub use schema::LogFormat;
pub use secret::SecretError;

use confidant_bff::{
    settings::{Secret, Settings},
    store::StoreUrl,
};
use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
};

/// The configuration of the demo, used where no file is given.
const DEMO: &str = include_str!("../../config/demo.toml");

/// A configuration that was read and found right.
#[derive(Clone, Debug)]
pub struct Config {
    /// Where the application listens.
    pub listen: SocketAddr,
    /// The database.
    pub store: StoreUrl,
    /// The file with the keys that seal tokens in the database.
    pub key_file: PathBuf,
    /// Demo mode: the exchange log and, unless it runs elsewhere, the provider.
    pub demo: bool,
    /// The demo provider that runs in this process.
    pub demo_provider: Option<DemoProvider>,
    /// How log lines look.
    pub log_format: LogFormat,
    /// What the confidential client needs to be told.
    pub settings: Settings,
}

/// The demo provider that runs inside the server.
#[derive(Clone, Debug)]
pub struct DemoProvider {
    /// Where it listens.
    pub listen: SocketAddr,
    /// Its issuer: `http://` and the address.
    pub issuer: String,
    /// The secret that it and the client share.
    pub client_secret: Secret,
}

impl Config {
    /// The path of a file beside the database, named after it.
    pub fn beside_store(&self, extension: &str) -> PathBuf {
        validate::store_path(&self.store).with_extension(extension)
    }

    /// Reads the file, or the demo's configuration where there is none, and
    /// lays the environment's `CONFIDANT_…` variables over it. `generate_secret`
    /// makes the secret that the client and the demo provider share when none
    /// is given.
    ///
    /// Contacts nobody; opens the configuration file and the files that
    /// secrets come from.
    ///
    /// # Errors
    /// Everything wrong with the values, together. A document with a syntax
    /// error, an unknown key or a value of the wrong type is not looked at any
    /// further.
    pub fn load(
        file: Option<&Path>,
        environment: &Environment,
        generate_secret: &dyn Fn() -> Secret,
    ) -> Result<Self, ConfigError> {
        let Some(path) = file else {
            return Self::parse("the built-in demo", DEMO, environment, generate_secret);
        };
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|error| ConfigError {
            file: name.clone(),
            diagnostics: vec![Diagnostic {
                location: Location::File,
                key: String::new(),
                message: format!("cannot be read: {error}"),
            }],
        })?;
        Self::parse(&name, &text, environment, generate_secret)
    }

    /// The same for a text already read; `name` is what errors call it.
    ///
    /// # Errors
    /// As [`Config::load`].
    pub fn parse(
        name: &str,
        text: &str,
        environment: &Environment,
        generate_secret: &dyn Fn() -> Secret,
    ) -> Result<Self, ConfigError> {
        let refuse = |diagnostics| ConfigError {
            file: name.to_owned(),
            diagnostics,
        };
        let document = document::Document::read(text, environment).map_err(refuse)?;
        let file = document
            .decode()
            .map_err(|diagnostic| refuse(vec![diagnostic]))?;
        validate::validate(&document, file, environment, generate_secret).map_err(refuse)
    }
}

#[cfg(test)]
mod tests;
