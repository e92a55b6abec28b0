//! Errors in a configuration, and where they are.

use std::fmt;

/// Where a value comes from.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Location {
    /// The file as a whole.
    File,
    /// A line of the file, counted from 1.
    Line(usize),
    /// An environment variable.
    Variable(String),
}

/// One error in a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Where the value comes from.
    pub location: Location,
    /// The key, such as `providers[0].issuer`. Empty if the error concerns no
    /// single key.
    pub key: String,
    /// What is wrong and what was expected. Never contains a secret.
    pub message: String,
}

/// All errors that were found in a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// The file's name.
    pub file: String,
    /// The errors in the order of the file's lines, those in variables last.
    pub diagnostics: Vec<Diagnostic>,
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (n, diagnostic) in self.diagnostics.iter().enumerate() {
            if n > 0 {
                writeln!(f)?;
            }
            match &diagnostic.location {
                Location::File => write!(f, "{}: ", self.file)?,
                Location::Line(line) => write!(f, "{}:{line}: ", self.file)?,
                Location::Variable(name) => write!(f, "{name}: ")?,
            }
            if !diagnostic.key.is_empty() {
                write!(f, "{}: ", diagnostic.key)?;
            }
            f.write_str(&diagnostic.message)?;
        }
        Ok(())
    }
}

impl std::error::Error for ConfigError {}
