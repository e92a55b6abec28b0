//! Ids of providers and APIs.

use super::diagnostics::Diagnostics;
use std::collections::BTreeSet;
use toml::Spanned;

/// Parses an id. It appears in paths, in logs and in the names of environment
/// variables, hence the few characters.
pub(super) fn parse(text: &str) -> Result<String, String> {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    if (1..=64).contains(&text.len()) && text.chars().all(allowed) {
        Ok(text.to_owned())
    } else {
        Err(format!(
            "{text:?} is not an id: expected 1 to 64 of a-z, 0-9, hyphen and underscore"
        ))
    }
}

/// Returns the ids of these entries. Reports those that a variable's name
/// could not tell apart.
pub(super) fn distinct<T>(
    entries: &[Spanned<T>],
    what: &str,
    id: impl Fn(&T) -> &Spanned<String>,
    diagnostics: &mut Diagnostics<'_>,
) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let mut ids = Vec::new();
    for entry in entries {
        let id = id(entry.get_ref());
        if !seen.insert(id.get_ref().replace('-', "_")) {
            diagnostics.report(
                id,
                format!("a second {what} with the id {:?}", id.get_ref()),
            );
        }
        ids.push(id.get_ref().clone());
    }
    ids
}
