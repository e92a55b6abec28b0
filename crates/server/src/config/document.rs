//! The file's text and the environment variables as one tree in which each
//! value has a position.
//!
//! TOML values have their position in the text. A value from a variable gets a
//! position after the end of the text, one for each variable. So one number
//! tells the line or the variable that a value comes from.

use super::{
    environment::{Environment, PREFIX, Variable},
    error::{Diagnostic, Location},
    key_path, overrides,
    schema::File,
};
use serde::Deserialize;
use std::ops::Range;
use toml::{
    Spanned,
    de::{DeTable, Deserializer},
};

/// A configuration that is parsed but not yet decoded.
pub(super) struct Document<'a> {
    text: &'a str,
    variables: Vec<&'a str>,
    root: Spanned<DeTable<'a>>,
}

impl<'a> Document<'a> {
    /// Parses the text and applies the environment variables.
    pub(super) fn parse(
        text: &'a str,
        environment: &'a Environment,
    ) -> Result<Self, Vec<Diagnostic>> {
        let (root, errors) = DeTable::parse_recoverable(text);
        let mut document = Self {
            text,
            variables: environment.overrides().collect(),
            root,
        };
        let mut diagnostics: Vec<Diagnostic> = errors
            .iter()
            .map(|error| document.diagnostic(error.span(), error.message()))
            .collect();
        for index in 0..document.variables.len() {
            let name = document.variables[index];
            if let Err(message) = document.apply_variable(index, name, environment) {
                diagnostics.push(Diagnostic {
                    location: Location::Variable(name.to_owned()),
                    key: String::new(),
                    message,
                });
            }
        }
        if diagnostics.is_empty() {
            Ok(document)
        } else {
            Err(diagnostics)
        }
    }

    /// Decodes the tree into the known keys. Stops at the first error.
    pub(super) fn decode(&self) -> Result<File, Diagnostic> {
        File::deserialize(Deserializer::from(self.root.clone()))
            .map_err(|error| self.diagnostic(error.span(), error.message()))
    }

    /// Describes an error at this position, or in the file as a whole.
    pub(super) fn diagnostic(
        &self,
        span: Option<Range<usize>>,
        message: impl Into<String>,
    ) -> Diagnostic {
        let position = span.map(|span| span.start);
        let key = position.and_then(|position| key_path::at(self.root.get_ref(), position));
        Diagnostic {
            location: position.map_or(Location::File, |position| self.location(position)),
            key: key.unwrap_or_default(),
            message: message.into(),
        }
    }

    fn location(&self, position: usize) -> Location {
        match position.checked_sub(self.first_variable()) {
            Some(index) => self.variables.get(index).map_or(Location::File, |name| {
                Location::Variable((*name).to_owned())
            }),
            None => {
                let before = self.text.as_bytes().iter().take(position);
                Location::Line(1 + before.filter(|byte| **byte == b'\n').count())
            }
        }
    }

    /// Returns the position of the first variable's value.
    fn first_variable(&self) -> usize {
        self.text.len() + 1
    }

    fn apply_variable(
        &mut self,
        index: usize,
        name: &'a str,
        environment: &'a Environment,
    ) -> Result<(), String> {
        let Variable::Text(text) = environment.variable(name) else {
            return Err("is not valid Unicode".to_owned());
        };
        let start = self.first_variable() + index;
        overrides::apply(
            self.root.get_mut(),
            &name[PREFIX.len()..],
            text,
            &(start..start + 1),
        )
    }
}
