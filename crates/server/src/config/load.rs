//! Loading: from the file and the environment to a [`Config`].

use super::{
    document::Document,
    effective::Config,
    environment::Environment,
    error::{ConfigError, Diagnostic, Location},
    validate::validate,
};
use confidant_bff::settings::Secret;
use std::path::Path;

/// The configuration that is used without a file.
const DEMO: &str = include_str!("../../config/demo.toml");

impl Config {
    /// Reads the file, or the built-in demo configuration if there is none,
    /// and applies the environment's `CONFIDANT_…` variables.
    /// A build without the demo needs a file. `generate_secret` makes the secret
    /// of the client and the demo provider if the configuration names none.
    ///
    /// Opens only the configuration file and the files of secrets. Contacts no
    /// provider.
    ///
    /// # Errors
    /// All invalid values together. After a syntax error, an unknown key or a
    /// value of the wrong type, the other values are not checked.
    pub fn load(
        file: Option<&Path>,
        environment: &Environment,
        generate_secret: &dyn Fn() -> Secret,
    ) -> Result<Self, ConfigError> {
        let Some(path) = file else {
            if !cfg!(feature = "demo") {
                return Err(no_file());
            }
            return Self::parse("the built-in demo", DEMO, environment, generate_secret);
        };
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path)
            .map_err(|error| whole_file(&name, format!("cannot be read: {error}")))?;
        Self::parse(&name, &text, environment, generate_secret)
    }

    /// Parses the text of a configuration file. Errors call the file `name`.
    ///
    /// # Errors
    /// See [`Config::load`].
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
        let document = Document::parse(text, environment).map_err(refuse)?;
        let file = document
            .decode()
            .map_err(|diagnostic| refuse(vec![diagnostic]))?;
        validate(&document, file, environment, generate_secret).map_err(refuse)
    }
}

fn no_file() -> ConfigError {
    let message = "missing: expected --config FILE, because this build does not contain the demo \
                   (cargo feature `demo`)";
    whole_file("the configuration file", message.to_owned())
}

/// Returns an error that concerns no single line.
fn whole_file(name: &str, message: String) -> ConfigError {
    ConfigError {
        file: name.to_owned(),
        diagnostics: vec![Diagnostic {
            location: Location::File,
            key: String::new(),
            message,
        }],
    }
}
