//! Who is signed in, with which provider and client kind.

use crate::{Problem, UnixMillis};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{fmt, str::FromStr};

/// Names a kind of client that a browser application can be (RFC 10017,
/// section 6), as it stands in paths.
///
/// Which kinds there are is not said here, so that a new one changes nothing
/// of what crosses the wire.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ClientKind([u8; Self::LONGEST]);

impl ClientKind {
    /// Bytes of the longest name.
    const LONGEST: usize = 16;

    /// Backend for frontend, 6.1: a confidential client on the server.
    pub const BFF: Self = Self::named("bff");
    /// Token-mediating backend, 6.2: a confidential client on the server that
    /// hands the page its access token.
    pub const MEDIATED: Self = Self::named("mediated");

    /// The kind of this name; what is too long is cut off.
    pub const fn named(id: &str) -> Self {
        let (id, mut bytes, mut n) = (id.as_bytes(), [0; Self::LONGEST], 0);
        while n < id.len() && n < Self::LONGEST {
            bytes[n] = id[n];
            n += 1;
        }
        Self(bytes)
    }

    /// The kind's id.
    pub fn id(&self) -> &str {
        let end = self.0.iter().position(|byte| *byte == 0);
        let id = &self.0[..end.unwrap_or(Self::LONGEST)];
        std::str::from_utf8(id).unwrap_or_default()
    }

    /// Whether its session and its refresh token are the server's.
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

/// The text names no client kind.
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

/// How the application is registered as a public client.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicClient {
    /// The provider's issuer identifier; its metadata are discovered.
    pub issuer: String,
    /// The client identifier, which is no secret.
    pub client_id: String,
    /// The scopes to ask for.
    pub scopes: Vec<String>,
    /// Where the APIs begin that take its tokens.
    pub apis: Vec<String>,
}

/// A provider that one can sign in at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderView {
    /// The id from the configuration.
    pub id: String,
    /// The name shown to people.
    pub name: String,
    /// Whether the server hands pages its access tokens.
    #[serde(default)]
    pub mediated: bool,
    /// Where such a page asks who the person is, once that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub userinfo_endpoint: Option<String>,
    /// Whether things can be made to go wrong there from our own pages: a
    /// demo provider that runs beside them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub faults: bool,
    /// How pages sign in by themselves; none where they cannot.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub public: Option<PublicClient>,
    /// Where one signs out at the provider itself, once that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_session_url: Option<String>,
}

/// The answer to "is somebody signed in?".
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SessionView {
    /// Whether somebody is.
    pub signed_in: bool,
    /// True where the server cannot tell: the request came from another site,
    /// so a Strict cookie stayed at home. Ask again from our own page.
    #[serde(default)]
    pub unknown: bool,
    /// Why the session that was there is over, where there is more to say
    /// than that it ran out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<Problem>,
    /// Who, since when, until when.
    #[serde(flatten)]
    pub session: Option<SignedIn>,
}

/// A session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignedIn {
    /// The subject the provider named.
    pub subject: String,
    /// The name to greet with.
    pub name: String,
    /// The provider's id.
    pub provider: String,
    /// The provider's name for people.
    pub provider_name: String,
    /// The kind of client.
    pub kind: ClientKind,
    /// When the session began.
    pub since: UnixMillis,
    /// When it ends if it is not used before; none where only the provider
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
