//! A value that is never printed.

use std::{env, fmt, fs, io, path::Path};

/// A secret. `Debug` hides it, and it cannot be compared or serialised.
#[derive(Clone)]
pub struct Secret(String);

/// Why a secret cannot be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum NoSecret {
    /// The environment variable is not set, empty, or not UTF-8.
    #[error("the environment variable {0} contains no secret: set it to the secret")]
    Variable(String),
    /// The file cannot be read.
    #[error("the secret file {path} cannot be read")]
    File {
        /// The path of the file.
        path: String,
        /// Why not.
        source: io::Error,
    },
    /// The file is empty.
    #[error("the secret file {0} is empty")]
    Empty(String),
}

impl Secret {
    /// Wraps a value.
    pub fn new(value: impl Into<String>) -> Self {
        Self(value.into())
    }

    /// Reads the secret from an environment variable.
    ///
    /// # Errors
    /// [`NoSecret::Variable`] if the variable is not set or empty.
    pub fn from_env(name: &str) -> Result<Self, NoSecret> {
        env::var(name)
            .ok()
            .filter(|value| !value.is_empty())
            .map(Self)
            .ok_or_else(|| NoSecret::Variable(name.to_owned()))
    }

    /// Reads the secret from the first line of a file.
    ///
    /// # Errors
    /// [`NoSecret::File`] or [`NoSecret::Empty`].
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, NoSecret> {
        let name = path.as_ref().display().to_string();
        let text = fs::read_to_string(path).map_err(|source| NoSecret::File {
            path: name.clone(),
            source,
        })?;
        match text.lines().next().unwrap_or_default().trim() {
            "" => Err(NoSecret::Empty(name)),
            secret => Ok(Self::new(secret)),
        }
    }

    /// Returns the value itself: only for the request that needs it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}
