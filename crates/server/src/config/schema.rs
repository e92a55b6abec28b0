//! The keys of the configuration file.

use super::{secret::SecretSource, trusted_proxies::ForwardedHeader};
use serde::Deserialize;
use std::collections::BTreeMap;
use toml::Spanned;

/// An optional value with its position in the document.
pub(super) type MaybeSpanned<T> = Option<Spanned<T>>;

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) listen: MaybeSpanned<String>,
    pub(super) public_url: MaybeSpanned<String>,
    pub(super) store: MaybeSpanned<String>,
    pub(super) key_file: MaybeSpanned<String>,
    pub(super) demo: MaybeSpanned<bool>,
    pub(super) demo_provider: MaybeSpanned<String>,
    pub(super) exchange_log: Option<bool>,
    #[serde(default)]
    pub(super) log_format: LogFormat,
    #[serde(default)]
    pub(super) trusted_proxies: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) forwarded_header: ForwardedHeader,
    #[serde(default)]
    pub(super) operator: Operator,
    #[serde(default)]
    pub(super) limits: Limits,
    #[serde(default)]
    pub(super) session: Session,
    #[serde(default)]
    pub(super) refresh: Refresh,
    #[serde(default)]
    pub(super) providers: Vec<Spanned<Provider>>,
    #[serde(default)]
    pub(super) apis: Vec<Spanned<Api>>,
}

impl File {
    pub(super) fn is_demo(&self) -> bool {
        self.demo.as_ref().is_some_and(|demo| *demo.get_ref())
    }
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Session {
    pub(super) idle: MaybeSpanned<String>,
    pub(super) absolute: MaybeSpanned<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Operator {
    pub(super) listen: MaybeSpanned<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Limits {
    pub(super) connections: MaybeSpanned<Count>,
    pub(super) connections_per_address: MaybeSpanned<Count>,
    pub(super) first_request: MaybeSpanned<String>,
    pub(super) idle: MaybeSpanned<String>,
    pub(super) requests_per_address: MaybeSpanned<Count>,
    pub(super) requests_per_session: MaybeSpanned<Count>,
    pub(super) requests: MaybeSpanned<Count>,
    pub(super) sign_ins_per_address: MaybeSpanned<Count>,
    pub(super) sign_ins: MaybeSpanned<Count>,
}

/// A number, or a string of its digits from an environment variable.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "expected a whole number")]
pub(super) enum Count {
    Number(u64),
    Text(String),
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Refresh {
    pub(super) deadline: MaybeSpanned<String>,
    pub(super) ahead: MaybeSpanned<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Provider {
    pub(super) id: Spanned<String>,
    pub(super) name: Option<String>,
    pub(super) profile: MaybeSpanned<String>,
    pub(super) issuer: MaybeSpanned<String>,
    pub(super) authorization_endpoint: MaybeSpanned<String>,
    pub(super) token_endpoint: MaybeSpanned<String>,
    pub(super) userinfo_endpoint: MaybeSpanned<String>,
    pub(super) introspection_endpoint: MaybeSpanned<String>,
    pub(super) revocation_endpoint: MaybeSpanned<String>,
    pub(super) end_session_endpoint: MaybeSpanned<String>,
    pub(super) jwks_uri: MaybeSpanned<String>,
    pub(super) client_id: Spanned<String>,
    pub(super) client_secret: MaybeSpanned<SecretSource>,
    #[serde(default)]
    pub(super) mediated: bool,
    pub(super) public_client_id: MaybeSpanned<String>,
    pub(super) scopes: MaybeSpanned<Scopes>,
    pub(super) grace: MaybeSpanned<String>,
    pub(super) authorize_params: MaybeSpanned<BTreeMap<String, String>>,
    #[serde(default)]
    pub(super) id_token: IdToken,
    pub(super) backchannel_url: MaybeSpanned<String>,
    #[serde(default)]
    pub(super) own_callback: bool,
    #[serde(default)]
    pub(super) iss_required: bool,
    #[serde(default)]
    pub(super) form_action: Vec<Spanned<String>>,
    // What overrides the profile.
    pub(super) client_authentication: MaybeSpanned<String>,
    pub(super) pkce: Option<bool>,
    pub(super) scope_parameter: MaybeSpanned<String>,
    pub(super) scope_separator: MaybeSpanned<String>,
    pub(super) reuse: MaybeSpanned<String>,
    pub(super) refresh_grant: MaybeSpanned<String>,
    pub(super) narrows_scope: Option<bool>,
    pub(super) redirect_uri_at_refresh: Option<bool>,
    pub(super) nested_token: Option<String>,
    pub(super) default_lifetime: MaybeSpanned<String>,
    pub(super) error_codes: MaybeSpanned<ErrorCodes>,
    pub(super) validation: MaybeSpanned<String>,
    pub(super) tokeninfo_endpoint: MaybeSpanned<String>,
    pub(super) revocation: MaybeSpanned<String>,
    pub(super) revoke_on_replacement: Option<bool>,
    pub(super) userinfo: Option<UserinfoKeys>,
}

/// Error codes of the token endpoint, by what they mean.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ErrorCodes {
    #[serde(default)]
    pub(super) dead: Vec<String>,
    #[serde(default)]
    pub(super) misconfigured: Vec<String>,
    #[serde(default)]
    pub(super) busy: Vec<String>,
    #[serde(default)]
    pub(super) rate_limited: Vec<String>,
    #[serde(default)]
    pub(super) ambiguous: Vec<String>,
    pub(super) vague_is_dead: Option<bool>,
}

/// How the user is found in the userinfo response.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct UserinfoKeys {
    pub(super) post: Option<bool>,
    pub(super) subject: Option<String>,
    pub(super) name: Option<String>,
}

/// How ID tokens are checked.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IdToken {
    #[serde(default)]
    pub(super) trusted_audiences: Vec<String>,
    #[serde(default)]
    pub(super) tenants: Vec<String>,
    pub(super) leeway: MaybeSpanned<String>,
    pub(super) nonce_required: Option<bool>,
    pub(super) signature: Option<IdTokenSignature>,
}

/// What verifies the signature.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(super) enum IdTokenSignature {
    /// A key of the provider's key set.
    #[serde(rename = "public_key")]
    PublicKey,
    /// The client secret.
    #[serde(rename = "HS256")]
    Hs256,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Api {
    pub(super) id: Spanned<String>,
    pub(super) provider: Spanned<String>,
    pub(super) upstream: MaybeSpanned<String>,
    pub(super) routes: Spanned<Vec<Spanned<String>>>,
    #[serde(default)]
    pub(super) request_headers: Vec<Spanned<String>>,
    #[serde(default)]
    pub(super) response_headers: Vec<Spanned<String>>,
    pub(super) resource: MaybeSpanned<String>,
    pub(super) scope: MaybeSpanned<Scopes>,
    pub(super) timeout: MaybeSpanned<String>,
    pub(super) idle: MaybeSpanned<String>,
    pub(super) body_limit: MaybeSpanned<ByteSize>,
}

/// A number, or a string of its digits from an environment variable.
#[derive(Debug, Deserialize)]
#[serde(untagged, expecting = "expected a number of bytes")]
pub(super) enum ByteSize {
    Number(u64),
    Text(String),
}

/// The format of log lines.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LogFormat {
    /// Plain text.
    #[default]
    Text,
    /// One JSON object a line.
    Json,
}

/// A list, or one string with spaces between the scopes (RFC 6749, section
/// 3.3), which an environment variable can hold.
#[derive(Debug, Deserialize)]
#[serde(
    untagged,
    expecting = "expected a list of scopes, or one string with spaces between them"
)]
pub(super) enum Scopes {
    List(Vec<String>),
    SpaceSeparated(String),
}

impl Scopes {
    pub(super) fn into_list(self) -> Vec<String> {
        match self {
            Self::List(list) => list,
            Self::SpaceSeparated(text) => text.split_whitespace().map(str::to_owned).collect(),
        }
    }
}
