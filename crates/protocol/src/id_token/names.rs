//! The user whom claims describe.

use confidant_wire::Claims;
use serde_json::Value;

/// The claims that name a user, in the order of preference.
const NAMES: [&str; 4] = ["name", "preferred_username", "login", "email"];

/// Returns the provider's identifier of the user.
pub fn subject(claims: &Claims) -> Option<&str> {
    let subject = claims.get("sub").and_then(Value::as_str)?;
    (!subject.is_empty()).then_some(subject)
}

/// Returns the name to display: the first claim that holds one.
pub fn display_name(claims: &Claims) -> Option<&str> {
    NAMES
        .into_iter()
        .filter_map(|name| claims.get(name).and_then(Value::as_str))
        .find(|name| !name.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases::id_token::claims;

    #[test]
    fn x1_an_empty_name_is_skipped() {
        for (changes, name) in [
            (r#"{"name": "Ann", "email": "a@b.example"}"#, Some("Ann")),
            (r#"{"name": "", "preferred_username": "ann"}"#, Some("ann")),
            (
                r#"{"name": "  ", "email": "a@b.example"}"#,
                Some("a@b.example"),
            ),
            (r#"{"name": {"first": "Ann"}, "login": "ann"}"#, Some("ann")),
            ("{}", None),
        ] {
            assert_eq!(display_name(&claims(changes)), name, "{changes}");
        }
    }
}
