//! Environment variables that override keys: `CONFIDANT_SESSION__IDLE` sets
//! `session.idle`, and `CONFIDANT_PROVIDERS__MY_IDP__ISSUER` sets the issuer of
//! the provider with the id `my-idp`.

use std::{borrow::Cow, ops::Range};
use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

/// Sets the key that a variable names to the variable's text. `name` is the
/// variable's name without its prefix; the value gets the position `span`.
pub(super) fn apply<'a>(
    root: &mut DeTable<'a>,
    name: &str,
    text: &'a str,
    span: &Range<usize>,
) -> Result<(), String> {
    let value = Spanned::new(span.clone(), parse_value(text, span)?);
    let path: Vec<String> = name.split("__").map(str::to_ascii_lowercase).collect();
    set(root, &path, value, span)
}

/// Parses text that looks like a list, a table or a boolean as TOML. Any other
/// text is a string.
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

/// Gives everything inside a value this position.
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
        // `insert` alone would keep the position of the old key.
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
                .ok_or_else(|| format!("`{key}` has no entry with the id or index `{wanted}`"))?;
            match item.1.get_mut() {
                DeValue::Table(inner) if !rest.is_empty() => set(inner, rest, value, span),
                _ => Err(format!("names no key of `{key}`")),
            }
        }
        _ => Err(format!("`{key}` is not a table")),
    }
}

/// Returns whether a table in a list has this id or this index. Variable names
/// have no lower case and no hyphens, so the comparison ignores both.
fn is_named(item: &DeValue<'_>, index: usize, wanted: &str) -> bool {
    let id = item.get("id").and_then(|id| id.get_ref().as_str());
    wanted == index.to_string()
        || id.is_some_and(|id| id.to_ascii_lowercase().replace('-', "_") == wanted)
}
