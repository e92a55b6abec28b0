//! Environment variables, passed in instead of read from the process.

use std::{
    collections::BTreeMap,
    ffi::{OsStr, OsString},
};

/// Environment variables by name. Not `Debug`: some of them hold secrets.
#[derive(Clone, Default)]
pub struct Environment(BTreeMap<OsString, OsString>);

/// The value of a variable.
pub(super) enum Variable<'a> {
    Absent,
    NotUnicode,
    Text(&'a str),
}

/// The prefix of all variables that override keys.
pub(super) const PREFIX: &str = "CONFIDANT_";

impl Environment {
    /// Copies the environment of this process.
    pub fn from_process() -> Self {
        Self(std::env::vars_os().collect())
    }

    pub(super) fn variable(&self, name: &str) -> Variable<'_> {
        match self.0.get(OsStr::new(name)) {
            None => Variable::Absent,
            Some(value) => value.to_str().map_or(Variable::NotUnicode, Variable::Text),
        }
    }

    /// Returns the names of the variables that override keys.
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
