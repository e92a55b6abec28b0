//! Finds the key at a position, for error messages.

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

/// Returns the key at this position, such as `providers[0].issuer`.
pub(super) fn at(table: &DeTable<'_>, position: usize) -> Option<String> {
    table.iter().find_map(|(key, value)| {
        let name = key.get_ref();
        match within(value, position) {
            Some(rest) => Some(format!("{name}{rest}")),
            None => key.span().contains(&position).then(|| name.to_string()),
        }
    })
}

/// Returns the path from this value to the position: empty, `.key` or
/// `[0].key`.
fn within(value: &Spanned<DeValue<'_>>, position: usize) -> Option<String> {
    let path = match value.get_ref() {
        DeValue::Table(table) => at(table, position).map(|key| format!(".{key}")),
        DeValue::Array(items) => items.iter().enumerate().find_map(|(index, item)| {
            within(item, position).map(|rest| format!("[{index}]{rest}"))
        }),
        _ => None,
    };
    path.or_else(|| value.span().contains(&position).then(String::new))
}
