//! Scopes: what a token may be used for.

use std::fmt;

use serde::{Deserialize, Serialize};

/// Every scope the provider knows, with the words for the consent page.
pub(crate) const KNOWN: [(&str, &str, &str); 4] = [
    (
        "openid",
        "Know which account is yours",
        "An identifier, and when you last signed in",
    ),
    ("profile", "See your name", "Your name and your username"),
    ("email", "See your email address", "The address, read only"),
    (
        OFFLINE_ACCESS,
        "Stay connected while you are away",
        "Access is renewed until you or the app end it",
    ),
];

/// The scope that asks for a refresh token (OpenID Connect Core section 11).
pub(crate) const OFFLINE_ACCESS: &str = "offline_access";

/// A set of scope values in the order in which they were asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub(crate) struct Scope(Vec<String>);

impl Scope {
    /// Reads the space-separated list of RFC 6749 section 3.3.
    pub(crate) fn parse(text: &str) -> Self {
        let mut values: Vec<String> = Vec::new();
        for value in text.split_ascii_whitespace() {
            if !values.iter().any(|known| known == value) {
                values.push(value.to_owned());
            }
        }
        Self(values)
    }

    pub(crate) fn contains(&self, value: &str) -> bool {
        self.0.iter().any(|own| own == value)
    }

    /// Whether everything in `other` is in this one as well.
    pub(crate) fn covers(&self, other: &Self) -> bool {
        other.0.iter().all(|value| self.contains(value))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What the provider knows of it; the rest is ignored, and the answer
    /// names the narrower scope (RFC 6749 section 3.3).
    pub(crate) fn known_only(self) -> Self {
        let known = |value: &String| KNOWN.iter().any(|(name, ..)| name == value);
        Self(self.0.into_iter().filter(known).collect())
    }

    pub(crate) fn without(mut self, value: &str) -> Self {
        self.0.retain(|own| own != value);
        self
    }

    /// Both together.
    pub(crate) fn union(mut self, other: &Self) -> Self {
        for value in &other.0 {
            if !self.contains(value) {
                self.0.push(value.clone());
            }
        }
        self
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0.join(" "))
    }
}

impl From<String> for Scope {
    fn from(text: String) -> Self {
        Self::parse(&text)
    }
}

impl From<Scope> for String {
    fn from(scope: Scope) -> Self {
        scope.to_string()
    }
}
