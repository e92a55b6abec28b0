//! What a page of a client kind shows, in the form in which it crosses from the
//! server to an island: values as text, and no token.

use confidant_wire::{Cause, ClientKind, Exchange, Fingerprint, Problem, TokenView, UnixMillis};
use serde::{Deserialize, Serialize};

/// Names and values from a provider, as text.
pub type Claims = Vec<(String, String)>;

/// A provider that a user can sign in at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProviderChoice {
    /// The provider's id.
    pub id: String,
    /// The provider's name.
    pub name: String,
}

/// What an action leads to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Next {
    /// This page has something new to show.
    Show(Box<PageData>),
    /// The browser has to load another address.
    GoTo(String),
}

/// What a page shows to a user who is signed in.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PageData {
    /// The session's client kind.
    pub kind: ClientKind,
    /// The user's name.
    pub user: String,
    /// The provider's name.
    pub provider: String,
    /// The result of the page's call, or why it failed.
    pub outcome: Result<Outcome, Problem>,
    /// The token after the call.
    pub token: Token,
    /// The tokens themselves, where the page has them. They never come from the
    /// server and never go there.
    #[serde(skip)]
    pub exposed: ExposedTokens,
    /// The last change of the token.
    pub change: Option<Change>,
    /// The session's HTTP exchanges, the oldest first.
    pub exchanges: Vec<Exchange>,
    /// Which faults of the demo provider are active, in words.
    pub faults: Option<String>,
}

/// The result of a page's call.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The page makes no call.
    Nothing,
    /// The account profile.
    Profile(Claims),
    /// What the provider says of the token.
    Validation(Validation),
}

/// What the provider says of the access token.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Validation {
    /// Whether the provider accepts the token.
    pub active: bool,
    /// How the provider was asked, in words.
    pub method: String,
    /// The provider's answer.
    pub answer: Claims,
}

/// Tokens that the page has and can show.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ExposedTokens {
    /// The access token.
    pub access: Option<String>,
    /// The refresh token.
    pub refresh: Option<String>,
}

/// What may be shown of a token: a [`TokenView`] with its claims as text, so that
/// the pages of the server's clients need no JSON values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Token {
    /// The access token's fingerprint.
    pub access: Fingerprint,
    /// The refresh token's fingerprint.
    pub refresh: Option<Fingerprint>,
    /// Counts the refresh tokens of the grant, from 1.
    pub generation: u64,
    /// `Bearer`, or another type that the provider named.
    pub token_type: String,
    /// The scopes granted.
    pub scopes: Vec<String>,
    /// When the token was requested.
    pub obtained_at: UnixMillis,
    /// When the token expires; absent if the provider did not say.
    pub expires_at: Option<UnixMillis>,
    /// The clock of the token's holder when this was read.
    pub now: UnixMillis,
    /// True after a forced expiry.
    pub expired: bool,
    /// True if a lost answer may have spent the refresh token.
    pub may_be_spent: bool,
    /// What else the provider sent.
    pub extras: Claims,
}

/// A token before and after it changed.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Change {
    /// Why it changed.
    pub cause: Cause,
    /// The token before.
    pub before: Token,
    /// The token after.
    pub after: Token,
}

impl From<TokenView> for Token {
    fn from(view: TokenView) -> Self {
        Self {
            access: view.access_token,
            refresh: view.refresh_token,
            generation: view.generation,
            token_type: view.token_type,
            scopes: view.scopes,
            obtained_at: view.obtained_at,
            expires_at: view.expires_at,
            now: view.now,
            expired: view.expired,
            may_be_spent: view.may_be_spent,
            extras: as_text(view.extras),
        }
    }
}

impl From<Token> for TokenView {
    fn from(token: Token) -> Self {
        let extras = token.extras.into_iter();
        Self {
            access_token: token.access,
            refresh_token: token.refresh,
            generation: token.generation,
            token_type: token.token_type,
            scopes: token.scopes,
            obtained_at: token.obtained_at,
            expires_at: token.expires_at,
            now: token.now,
            expired: token.expired,
            may_be_spent: token.may_be_spent,
            extras: extras.map(|(name, text)| (name, text.into())).collect(),
        }
    }
}

impl From<Change> for confidant_wire::Change {
    fn from(change: Change) -> Self {
        Self {
            cause: change.cause,
            before: change.before.into(),
            after: change.after.into(),
        }
    }
}

impl From<confidant_wire::Change> for Change {
    fn from(change: confidant_wire::Change) -> Self {
        Self {
            cause: change.cause,
            before: change.before.into(),
            after: change.after.into(),
        }
    }
}

impl From<confidant_wire::Validation> for Validation {
    fn from(validation: confidant_wire::Validation) -> Self {
        use confidant_wire::ValidationMethod as Method;
        let method = match validation.by {
            Method::Introspection => "Asked by token introspection (RFC 7662).",
            Method::Tokeninfo => "Asked by tokeninfo, this provider’s own way.",
            Method::Userinfo => "Asked by using it: userinfo accepts it, or does not.",
        };
        Self {
            active: validation.active,
            method: method.to_owned(),
            answer: as_text(validation.answer),
        }
    }
}

/// Returns each claim as text: a string without its quotation marks, any other
/// value as JSON.
pub(crate) fn as_text(claims: confidant_wire::Claims) -> Claims {
    use leptos::serde_json::Value;
    let text = |value| match value {
        Value::String(text) => text,
        other => other.to_string(),
    };
    claims
        .into_iter()
        .map(|(name, value)| (name, text(value)))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_shown_bare_and_the_rest_as_json() {
        let sent = confidant_wire::Claims::from_iter([
            ("a".to_owned(), "alice".into()),
            ("b".to_owned(), true.into()),
            ("c".to_owned(), vec![1, 2].into()),
        ]);
        let texts: Vec<_> = as_text(sent).into_iter().map(|(_, text)| text).collect();
        assert_eq!(texts, ["alice", "true", "[1,2]"]);
    }

    #[test]
    fn a_token_is_the_same_after_a_way_through_the_shared_type() {
        let change = crate::samples::change(Cause::Automatic);
        let shared = confidant_wire::Change::from(change.clone());
        assert_eq!(Change::from(shared), change);
    }

    #[test]
    fn what_is_written_is_read_again_but_for_the_tokens_themselves() {
        let mut data = crate::samples::page_data();
        data.exposed.access = Some("the token itself".to_owned());
        let text = leptos::serde_json::to_string(&data).unwrap();
        assert!(!text.contains("the token itself"), "{text}");
        data.exposed = ExposedTokens::default();
        assert_eq!(
            leptos::serde_json::from_str::<PageData>(&text).unwrap(),
            data
        );
    }
}
