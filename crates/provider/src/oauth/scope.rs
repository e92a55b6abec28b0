//! Scopes (RFC 6749 section 3.3).

use std::fmt;

use serde::{Deserialize, Serialize};

/// The scope that requests a refresh token (OpenID Connect Core section 11).
pub(crate) const OFFLINE_ACCESS: &str = "offline_access";

/// A scope value that the provider supports.
pub(crate) struct SupportedScope {
    pub(crate) name: &'static str,
    /// What the scope permits, as the consent page puts it.
    pub(crate) label: &'static str,
    pub(crate) detail: &'static str,
}

/// The scope values that the provider supports.
pub(crate) const SUPPORTED: [SupportedScope; 4] = [
    SupportedScope {
        name: "openid",
        label: "Know which account is yours",
        detail: "An identifier, and when you last signed in",
    },
    SupportedScope {
        name: "profile",
        label: "See your name",
        detail: "Your name and your username",
    },
    SupportedScope {
        name: "email",
        label: "See your email address",
        detail: "The address, read only",
    },
    SupportedScope {
        name: OFFLINE_ACCESS,
        label: "Stay connected while you are away",
        detail: "Access is renewed until you or the app end it",
    },
];

/// A set of scope values in the order in which the client requested them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub(crate) struct Scope(Vec<String>);

impl Scope {
    /// Parses a space-separated list and drops duplicates.
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

    /// Returns whether this scope contains all values of `other`.
    pub(crate) fn covers(&self, other: &Self) -> bool {
        other.0.iter().all(|value| self.contains(value))
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Drops the values that the provider does not support. Its response then
    /// names the narrower scope (RFC 6749 section 3.3).
    pub(crate) fn supported_only(self) -> Self {
        let supported = |value: &String| SUPPORTED.iter().any(|scope| scope.name == value);
        Self(self.0.into_iter().filter(supported).collect())
    }

    pub(crate) fn without(mut self, value: &str) -> Self {
        self.0.retain(|own| own != value);
        self
    }

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
