//! Who is signed in, with which provider and client kind.

use crate::{Problem, UnixMillis};
use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// The kinds of client a browser application can be (RFC 10017, section 6).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClientKind {
    /// Backend for frontend, 6.1: a confidential client on the server.
    Bff,
}

impl ClientKind {
    /// Every kind, in the order in which they are offered.
    pub const ALL: &'static [Self] = &[Self::Bff];

    /// The kind's id, as it stands in paths.
    pub fn id(self) -> &'static str {
        match self {
            Self::Bff => "bff",
        }
    }
}

impl fmt::Display for ClientKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// No client kind has this id.
#[derive(Debug, PartialEq, Eq)]
pub struct UnknownKind;

impl FromStr for ClientKind {
    type Err = UnknownKind;

    fn from_str(id: &str) -> Result<Self, Self::Err> {
        Self::ALL
            .iter()
            .copied()
            .find(|kind| kind.id() == id)
            .ok_or(UnknownKind)
    }
}

/// A provider that one can sign in at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderView {
    /// The id from the configuration.
    pub id: String,
    /// The name shown to people.
    pub name: String,
    /// The kinds of client offered with it.
    pub kinds: Vec<ClientKind>,
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
    /// When it ends if it is not used before.
    pub until: UnixMillis,
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
    fn every_kind_is_found_by_its_id_and_nothing_else_is() {
        for kind in ClientKind::ALL {
            assert_eq!(kind.id().parse(), Ok(*kind));
        }
        assert_eq!("BFF".parse::<ClientKind>(), Err(UnknownKind));
    }
}
