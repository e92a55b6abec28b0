//! The keys of the configuration file.

use super::secret::SecretSource;
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// A value that remembers where it stands.
pub(super) type Placed<T> = Option<Spanned<T>>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) listen: Placed<String>,
    pub(super) public_url: Placed<String>,
    pub(super) store: Placed<String>,
    pub(super) key_file: Placed<String>,
    #[serde(default)]
    pub(super) demo: bool,
    pub(super) demo_provider: Placed<String>,
    #[serde(default)]
    pub(super) log_format: LogFormat,
    #[serde(default)]
    pub(super) session: Session,
    #[serde(default)]
    pub(super) refresh: Refresh,
    #[serde(default)]
    pub(super) providers: Vec<Spanned<Provider>>,
    #[serde(default)]
    pub(super) apis: Vec<Spanned<Api>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Session {
    pub(super) idle: Placed<String>,
    pub(super) absolute: Placed<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Refresh {
    pub(super) deadline: Placed<String>,
    pub(super) ahead: Placed<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Provider {
    pub(super) id: Spanned<String>,
    pub(super) name: Option<String>,
    pub(super) profile: Placed<String>,
    pub(super) issuer: Placed<String>,
    pub(super) authorization_endpoint: Placed<String>,
    pub(super) token_endpoint: Placed<String>,
    pub(super) userinfo_endpoint: Placed<String>,
    pub(super) introspection_endpoint: Placed<String>,
    pub(super) revocation_endpoint: Placed<String>,
    pub(super) end_session_endpoint: Placed<String>,
    pub(super) jwks_uri: Placed<String>,
    pub(super) client_id: Spanned<String>,
    pub(super) client_secret: Placed<SecretSource>,
    #[serde(default)]
    pub(super) mediated: bool,
    pub(super) public_client_id: Placed<String>,
    pub(super) scopes: Placed<Scopes>,
    pub(super) grace: Placed<String>,
    pub(super) authorize_params: Placed<BTreeMap<String, String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Api {
    pub(super) id: Spanned<String>,
    pub(super) provider: Spanned<String>,
    pub(super) upstream: Placed<String>,
    pub(super) routes: Spanned<Vec<Spanned<String>>>,
    #[serde(default)]
    pub(super) request_headers: Vec<Spanned<String>>,
    pub(super) resource: Placed<String>,
    pub(super) scope: Placed<Scopes>,
    pub(super) timeout: Placed<String>,
    pub(super) body_limit: Placed<Size>,
}

/// A number, or its digits: that is how an environment variable can say it.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "expected a number of bytes")]
pub(super) enum Size {
    Number(u64),
    Text(String),
}

/// How log lines look.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// For machines: one JSON object a line.
    Json,
}

/// A list, or one string with spaces as on the wire (RFC 6749, section 3.3):
/// that is how an environment variable can say it.
#[derive(Debug, Deserialize)]
#[serde(
    untagged,
    expecting = "expected a list of scopes, or one string with spaces between them"
)]
pub(super) enum Scopes {
    List(Vec<String>),
    Line(String),
}

impl Scopes {
    pub(super) fn into_list(self) -> Vec<String> {
        match self {
            Self::List(list) => list,
            Self::Line(line) => line.split_whitespace().map(str::to_owned).collect(),
        }
    }
}
