//! The process's environment, handed in rather than looked up.

use super::secret::SecretError;
use confidant_bff::settings::Secret;
use std::{collections::BTreeMap, ffi::OsString};

/// Environment variables by name.
#[derive(Clone, Debug, Default)]
pub struct Environment(BTreeMap<OsString, OsString>);

/// What a variable holds.
pub(super) enum Variable<'a> {
    Absent,
    NotUnicode,
    Text(&'a str),
}

/// What every variable that overrides a key begins with.
pub(super) const PREFIX: &str = "CONFIDANT_";

impl Environment {
    /// This process's own.
    pub fn from_process() -> Self {
        Self(std::env::vars_os().collect())
    }

    /// The secret that this variable holds.
    ///
    /// # Errors
    /// When it is not set, empty, or not valid Unicode.
    pub fn secret(&self, name: &str) -> Result<Secret, SecretError> {
        match self.variable(name) {
            Variable::Absent => Err(SecretError::NotSet(name.to_owned())),
            Variable::NotUnicode => Err(SecretError::NotUnicode(name.to_owned())),
            Variable::Text("") => Err(SecretError::EmptyVariable(name.to_owned())),
            Variable::Text(text) => Ok(Secret::new(text)),
        }
    }

    pub(super) fn variable(&self, name: &str) -> Variable<'_> {
        match self.0.get(std::ffi::OsStr::new(name)) {
            None => Variable::Absent,
            Some(value) => value.to_str().map_or(Variable::NotUnicode, Variable::Text),
        }
    }

    /// The names of the variables that override keys.
    pub(super) fn overrides(&self) -> impl Iterator<Item = &str> {
        self.0
            .keys()
            .filter_map(|name| name.to_str())
            .filter(|name| name.starts_with(PREFIX))
    }
}

impl<K: Into<OsString>, V: Into<OsString>> FromIterator<(K, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (K, V)>>(pairs: I) -> Self {
        Self(
            pairs
                .into_iter()
                .map(|(name, value)| (name.into(), value.into()))
                .collect(),
        )
    }
}
