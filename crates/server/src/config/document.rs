//! Text and variables as one tree that knows where each value came from.
//!
//! TOML values carry their position in the text. Values from the environment
//! get positions behind its end, one for each variable, so that one table of
//! places serves both.

use super::{
    environment::{Environment, PREFIX, Variable},
    error::{Diagnostic, Location},
    schema::File,
};
use serde::Deserialize;
use std::{borrow::Cow, ops::Range};
use toml::{
    Spanned,
    de::{DeTable, DeValue, Deserializer},
};

/// A configuration before its values are understood.
pub(super) struct Document<'a> {
    text: &'a str,
    variables: Vec<&'a str>,
    root: Spanned<DeTable<'a>>,
}

impl<'a> Document<'a> {
    /// Parses the text and lays the variables over it.
    pub(super) fn read(
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

    /// The tree as the keys we know, or what the first wrong one is.
    pub(super) fn decode(&self) -> Result<File, Diagnostic> {
        File::deserialize(Deserializer::from(self.root.clone()))
            .map_err(|error| self.diagnostic(error.span(), error.message()))
    }

    /// A diagnostic at this position.
    pub(super) fn diagnostic(
        &self,
        span: Option<Range<usize>>,
        message: impl Into<String>,
    ) -> Diagnostic {
        let at = span.map(|span| span.start);
        let location = match at {
            None => Location::File,
            Some(at) => match at.checked_sub(self.first_variable()) {
                Some(index) => self.variables.get(index).map_or(Location::File, |name| {
                    Location::Variable((*name).to_owned())
                }),
                None => {
                    let before = self.text.as_bytes().iter().take(at);
                    Location::Line(1 + before.filter(|byte| **byte == b'\n').count())
                }
            },
        };
        let key = at.and_then(|at| key_in_table(self.root.get_ref(), at));
        Diagnostic {
            location,
            key: key.unwrap_or_default(),
            message: message.into(),
        }
    }

    /// Positions from here on stand for variables.
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
        let span = start..start + 1;
        let value = Spanned::new(span.clone(), parse_value(text, &span)?);
        let path: Vec<String> = name[PREFIX.len()..]
            .split("__")
            .map(str::to_ascii_lowercase)
            .collect();
        set(self.root.get_mut(), &path, value, &span)
    }
}

/// A variable's text as a value: what looks like a list, a table or a boolean
/// is one, the rest is a string.
fn parse_value<'a>(text: &'a str, span: &Range<usize>) -> Result<DeValue<'a>, String> {
    if text.starts_with(['[', '{']) || matches!(text, "true" | "false") {
        let parsed = DeValue::parse(text).map_err(|error| error.message().to_owned())?;
        let mut value = parsed.into_inner();
        set_span(&mut value, span);
        Ok(value)
    } else {
        Ok(DeValue::String(Cow::Borrowed(text)))
    }
}

/// Gives everything inside a value the one position.
fn set_span(value: &mut DeValue<'_>, span: &Range<usize>) {
    match value {
        DeValue::Array(items) => {
            for item in items.iter_mut() {
                set_span(item.get_mut(), span);
                let inner = std::mem::replace(item.get_mut(), DeValue::Boolean(false));
                *item = Spanned::new(span.clone(), inner);
            }
        }
        DeValue::Table(table) => {
            let entries = std::mem::take(table);
            for (key, mut value) in entries {
                set_span(value.get_mut(), span);
                table.insert(
                    Spanned::new(span.clone(), key.into_inner()),
                    Spanned::new(span.clone(), value.into_inner()),
                );
            }
        }
        _ => {}
    }
}

fn set<'a>(
    table: &mut DeTable<'a>,
    path: &[String],
    value: Spanned<DeValue<'a>>,
    span: &Range<usize>,
) -> Result<(), String> {
    let [key, rest @ ..] = path else {
        return Ok(());
    };
    if key.is_empty() {
        return Err("names no key: expected a form like CONFIDANT_SESSION__IDLE".to_owned());
    }
    let name = Spanned::new(span.clone(), Cow::Owned(key.clone()));
    if rest.is_empty() {
        // The old key would keep its old position.
        table.remove(key.as_str());
        table.insert(name, value);
        return Ok(());
    }
    let entry = table
        .entry(name)
        .or_insert_with(|| Spanned::new(span.clone(), DeValue::Table(DeTable::new())));
    match entry.get_mut() {
        DeValue::Table(inner) => set(inner, rest, value, span),
        DeValue::Array(items) => {
            let [wanted, rest @ ..] = rest else {
                return Ok(());
            };
            let item = items
                .iter_mut()
                .enumerate()
                .find(|(index, item)| is_named(item.get_ref(), *index, wanted))
                .ok_or_else(|| format!("`{key}` has no `{wanted}`, neither as id nor as index"))?;
            match item.1.get_mut() {
                DeValue::Table(inner) if !rest.is_empty() => set(inner, rest, value, span),
                _ => Err(format!("names no key of `{key}`")),
            }
        }
        _ => Err(format!("`{key}` holds no further keys")),
    }
}

/// Whether a table in a list has this id, or stands at this index. Variables
/// cannot spell every id, so case and hyphens do not count.
fn is_named(item: &DeValue<'_>, index: usize, wanted: &str) -> bool {
    let id = item.get("id").and_then(|id| id.get_ref().as_str());
    wanted == index.to_string()
        || id.is_some_and(|id| id.to_ascii_lowercase().replace('-', "_") == wanted)
}

fn key_in_table(table: &DeTable<'_>, at: usize) -> Option<String> {
    table.iter().find_map(|(key, value)| {
        let here = key.get_ref();
        match key_in_value(value, at) {
            Some(inner) => Some(format!("{here}{inner}")),
            None => key.span().contains(&at).then(|| here.to_string()),
        }
    })
}

/// The way from this value to the position: empty, `.key` or `[0].key`.
fn key_in_value(value: &Spanned<DeValue<'_>>, at: usize) -> Option<String> {
    let deeper = match value.get_ref() {
        DeValue::Table(table) => key_in_table(table, at).map(|key| format!(".{key}")),
        DeValue::Array(items) => items.iter().enumerate().find_map(|(index, item)| {
            key_in_value(item, at).map(|inner| format!("[{index}]{inner}"))
        }),
        _ => None,
    };
    deeper.or_else(|| value.span().contains(&at).then(String::new))
}
