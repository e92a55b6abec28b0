//! Collects errors, so that a user sees all of them at once.

use super::{document::Document, error::Diagnostic, schema::MaybeSpanned};
use toml::Spanned;

/// The errors found so far.
pub(super) struct Diagnostics<'a> {
    document: &'a Document<'a>,
    found: Vec<Diagnostic>,
}

impl<'a> Diagnostics<'a> {
    pub(super) fn new(document: &'a Document<'a>) -> Self {
        Self {
            document,
            found: Vec::new(),
        }
    }

    /// Adds an error in this value.
    pub(super) fn report<T>(&mut self, value: &Spanned<T>, message: impl Into<String>) {
        self.found
            .push(self.document.diagnostic(Some(value.span()), message));
    }

    /// Adds the error that a top-level key is missing.
    pub(super) fn report_missing(&mut self, key: &str, expected: &str) {
        let mut diagnostic = self
            .document
            .diagnostic(None, format!("missing: {expected}"));
        key.clone_into(&mut diagnostic.key);
        self.found.push(diagnostic);
    }

    /// Parses a value. Reports the error and returns `None` if that fails.
    pub(super) fn parse<T>(
        &mut self,
        value: &Spanned<String>,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        parse(value.get_ref())
            .map_err(|message| self.report(value, message))
            .ok()
    }

    /// Parses a value that may be absent: `None` then, too.
    pub(super) fn parse_optional<T>(
        &mut self,
        value: &MaybeSpanned<String>,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        self.parse(value.as_ref()?, parse)
    }

    /// Parses a value, or returns the default if it is absent.
    pub(super) fn parse_or<T>(
        &mut self,
        value: &MaybeSpanned<String>,
        default: T,
        parse: impl FnOnce(&str) -> Result<T, String>,
    ) -> Option<T> {
        match value {
            Some(value) => self.parse(value, parse),
            None => Some(default),
        }
    }

    /// Parses each value of a list. Reports all that fail, not only the first.
    pub(super) fn parse_all<T>(
        &mut self,
        values: &[Spanned<String>],
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Option<Vec<T>> {
        let parsed: Vec<_> = values
            .iter()
            .map(|value| self.parse(value, &parse))
            .collect();
        parsed.into_iter().collect()
    }

    /// Returns the value if there was no error, else the errors in the order
    /// of their locations.
    pub(super) fn finish<T>(mut self, value: Option<T>) -> Result<T, Vec<Diagnostic>> {
        match value {
            Some(value) if self.found.is_empty() => Ok(value),
            _ => {
                self.found.sort_by(|a, b| a.location.cmp(&b.location));
                Err(self.found)
            }
        }
    }
}
