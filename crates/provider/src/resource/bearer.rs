//! Bearer tokens at a resource (RFC 6750).

use axum::{
    Json,
    extract::FromRequestParts,
    http::{HeaderMap, HeaderValue, StatusCode, header, request::Parts},
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::{config::Person, oauth::scope::Scope, provider::Provider, records::Found};

/// Somebody who presented an access token that is good.
pub(crate) struct Bearer {
    pub(crate) client: String,
    pub(crate) person: Person,
    pub(crate) scope: Scope,
    /// When the token ends, in seconds since 1970.
    pub(crate) expires_at: u64,
}

/// Why a resource is not given (RFC 6750 section 3.1).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BearerError {
    /// No token at all: the challenge then names no error.
    Missing,
    /// More than one `Authorization` header.
    Ambiguous,
    Unknown,
    Expired,
    Revoked,
    /// The token lacks this scope.
    InsufficientScope(&'static str),
}

impl BearerError {
    fn status(self) -> StatusCode {
        match self {
            Self::Ambiguous => StatusCode::BAD_REQUEST,
            Self::InsufficientScope(_) => StatusCode::FORBIDDEN,
            _ => StatusCode::UNAUTHORIZED,
        }
    }

    fn code(self) -> Option<&'static str> {
        match self {
            Self::Missing => None,
            Self::Ambiguous => Some("invalid_request"),
            Self::Unknown | Self::Expired | Self::Revoked => Some("invalid_token"),
            Self::InsufficientScope(_) => Some("insufficient_scope"),
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Missing => "This needs an access token in the Authorization header.",
            Self::Ambiguous => "There is more than one Authorization header.",
            Self::Unknown => "The access token is unknown or was forgotten.",
            Self::Expired => "The access token has expired.",
            Self::Revoked => "The access token was revoked.",
            Self::InsufficientScope(_) => "The access token does not reach that far.",
        }
    }
}

impl IntoResponse for BearerError {
    fn into_response(self) -> Response {
        let mut challenge = "Bearer realm=\"Meridian ID\"".to_owned();
        if let Some(code) = self.code() {
            let words = self.words();
            challenge += &format!(", error=\"{code}\", error_description=\"{words}\"");
        }
        if let Self::InsufficientScope(scope) = self {
            challenge += &format!(", scope=\"{scope}\"");
        }
        let body = json!({
            "error": self.code().unwrap_or("missing_token"),
            "error_description": self.words(),
        });
        let mut response = (self.status(), Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Ok(challenge) = HeaderValue::from_str(&challenge) {
            headers.insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

impl Bearer {
    /// Refuses a token without `scope`.
    pub(crate) fn require(&self, scope: &'static str) -> Result<(), BearerError> {
        match self.scope.contains(scope) {
            true => Ok(()),
            false => Err(BearerError::InsufficientScope(scope)),
        }
    }
}

impl FromRequestParts<Provider> for Bearer {
    type Rejection = BearerError;

    async fn from_request_parts(
        parts: &mut Parts,
        provider: &Provider,
    ) -> Result<Self, BearerError> {
        let token = token(&parts.headers)?;
        // The API is another machine in spirit, with a clock of its own.
        let api = parts.uri.path().starts_with("/api/");
        provider.note(|state, now| {
            let now = if api { provider.api_now() } else { now };
            let Some(Found::Access(family, token)) = state.records.find(token) else {
                return Err(BearerError::Unknown);
            };
            if api {
                state.requests.count_api(&family.client);
            }
            if family.revoked.is_some() || token.revoked {
                return Err(BearerError::Revoked);
            }
            if now >= token.expires_at {
                return Err(BearerError::Expired);
            }
            let person = provider.config().person(&family.subject);
            Ok(Self {
                client: family.client.clone(),
                person: person.cloned().ok_or(BearerError::Revoked)?,
                scope: token.scope.clone(),
                expires_at: token.expires_at.seconds(),
            })
        })
    }
}

/// The token in the header. The two other ways of RFC 6750, body and query,
/// are not offered: tokens in addresses end up in logs.
fn token(headers: &HeaderMap) -> Result<&str, BearerError> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let value = values.next().ok_or(BearerError::Missing)?;
    if values.next().is_some() {
        return Err(BearerError::Ambiguous);
    }
    let value = value.to_str().map_err(|_| BearerError::Unknown)?;
    match value.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => Ok(token.trim()),
        _ => Err(BearerError::Missing),
    }
}
