//! The user, the provider and the client kind of a session.

use crate::{Claims, Problem, UnixMillis};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{fmt, str::FromStr};

/// The kind of client that a browser application is (RFC 10017, section 6). Its
/// name is part of paths.
///
/// This type does not list the kinds, so that a new kind changes nothing here.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ClientKind([u8; Self::LONGEST]);

impl ClientKind {
    /// The length of the longest name, in bytes.
    const LONGEST: usize = 16;

    /// Backend for frontend, 6.1: a confidential client on the server.
    pub const BFF: Self = Self::named("bff");
    /// Token-mediating backend, 6.2: a confidential client on the server that
    /// gives the page its access tokens.
    pub const MEDIATED: Self = Self::named("mediated");

    /// Returns the kind with this name, cut off after 16 bytes.
    pub const fn named(id: &str) -> Self {
        let (id, mut bytes, mut n) = (id.as_bytes(), [0; Self::LONGEST], 0);
        while n < id.len() && n < Self::LONGEST {
            bytes[n] = id[n];
            n += 1;
        }
        Self(bytes)
    }

    /// Returns the kind's id.
    pub fn id(&self) -> &str {
        let end = self.0.iter().position(|byte| *byte == 0);
        let id = &self.0[..end.unwrap_or(Self::LONGEST)];
        std::str::from_utf8(id).unwrap_or_default()
    }

    /// Whether the server holds the session and the refresh token.
    pub fn is_confidential(self) -> bool {
        [Self::BFF, Self::MEDIATED].contains(&self)
    }
}

impl fmt::Display for ClientKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl fmt::Debug for ClientKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// The text is not the name of a client kind.
#[derive(Debug, PartialEq, Eq)]
pub struct NotAKind;

impl fmt::Display for NotAKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a client kind: expected up to 16 of a-z, 0-9 and hyphen")
    }
}

impl FromStr for ClientKind {
    type Err = NotAKind;

    fn from_str(id: &str) -> Result<Self, Self::Err> {
        let allowed = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        match (1..=Self::LONGEST).contains(&id.len()) && id.bytes().all(allowed) {
            true => Ok(Self::named(id)),
            false => Err(NotAKind),
        }
    }
}

impl Serialize for ClientKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}

impl<'de> Deserialize<'de> for ClientKind {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}

/// The application's registration as a public client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicClient {
    /// The provider's issuer identifier, which discovery starts from.
    pub issuer: String,
    /// The client identifier. It is not a secret.
    pub client_id: String,
    /// The scopes to request.
    pub scopes: Vec<String>,
    /// The base URLs of the APIs that accept its tokens.
    pub apis: Vec<String>,
    /// The provider's profile, as `confidant-protocol` serialises it.
    #[serde(default, skip_serializing_if = "Claims::is_empty")]
    pub profile: Claims,
}

/// A provider at which users can sign in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderView {
    /// The id from the configuration.
    pub id: String,
    /// The name that users see.
    pub name: String,
    /// Whether the token-mediating backend is offered.
    #[serde(default)]
    pub mediated: bool,
    /// The userinfo endpoint for pages of that kind, once it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub userinfo_endpoint: Option<String>,
    /// Whether the fault panel controls this provider: it is the demo provider in the
    /// same process.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub faults: bool,
    /// The public client of the browser kinds. None if they are not offered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public: Option<PublicClient>,
    /// The provider's logout page, once it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_session_url: Option<String>,
}

/// The response of `GET /auth/session`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionView {
    /// Whether there is a session.
    pub signed_in: bool,
    /// Whether the server cannot know: browsers do not send a Strict cookie with a
    /// request from another site. A page of this origin can ask again.
    #[serde(default)]
    pub unknown: bool,
    /// Why the session ended, unless it simply expired.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Problem>,
    /// The session, if there is one.
    #[serde(flatten)]
    pub session: Option<SignedIn>,
}

/// A session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedIn {
    /// The user's subject identifier at the provider.
    pub subject: String,
    /// The user's name for display.
    pub name: String,
    /// The provider's id.
    pub provider: String,
    /// The provider's name for display.
    pub provider_name: String,
    /// The kind of client.
    pub kind: ClientKind,
    /// When the session started.
    pub since: UnixMillis,
    /// When the session ends unless it is used before. None if only the provider
    /// knows.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<UnixMillis>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_signed_in_is_told_in_one_flag() {
        let json = serde_json::to_string(&SessionView::default()).unwrap();
        assert_eq!(json, r#"{"signed_in":false,"unknown":false}"#);
        assert_eq!(
            serde_json::from_str::<SessionView>(&json).unwrap(),
            SessionView::default()
        );
    }

    #[test]
    fn a_kind_reads_as_it_was_written_and_nothing_else_is_one() {
        for id in ["bff", "browser-dpop", "sixteen-letters."] {
            let kind = id.parse::<ClientKind>();
            assert_eq!(kind.is_ok(), !id.ends_with('.'), "{id}");
            if let Ok(kind) = kind {
                assert_eq!(kind.to_string(), id);
                assert_eq!(serde_json::to_string(&kind).unwrap(), format!("{id:?}"));
            }
        }
        for id in ["", "Bff", "a/b", "seventeen-letters"] {
            assert_eq!(id.parse::<ClientKind>(), Err(NotAKind), "{id}");
        }
    }
}
