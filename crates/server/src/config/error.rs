//! What is wrong with a configuration, and where.

use std::fmt;

/// Where a value stands.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Location {
    /// The file as a whole.
    File,
    /// A line of the file, counted from 1.
    Line(usize),
    /// An environment variable.
    Variable(String),
}

/// One thing that is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Where.
    pub location: Location,
    /// The key, as in `providers[0].issuer`; empty where none is concerned.
    pub key: String,
    /// What is wrong and what was expected. Holds no secret.
    pub message: String,
}

/// Everything that was found wrong with a configuration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ConfigError {
    /// What to call the file.
    pub file: String,
    /// What is wrong, in the order of the file; variables last.
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
