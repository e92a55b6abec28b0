//! Rejected requests to a resource, and their `WWW-Authenticate` challenges.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::dpop::{
    error::DpopError,
    nonce,
    proof::{ALGORITHM, ProofError},
};

/// The authentication scheme of an access token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    Bearer,
    Dpop,
}

impl Scheme {
    /// Parses a scheme, ignoring case.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let mut schemes = [Self::Bearer, Self::Dpop].into_iter();
        schemes.find(|scheme| scheme.as_str().eq_ignore_ascii_case(text))
    }

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Bearer => "Bearer",
            Self::Dpop => "DPoP",
        }
    }

    fn other(self) -> Self {
        match self {
            Self::Bearer => Self::Dpop,
            Self::Dpop => Self::Bearer,
        }
    }
}

/// The reason for a rejection (RFC 6750 section 3.1, RFC 9449 section 7.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RejectionReason {
    /// The request has no token. The challenge then names no error.
    Missing,
    /// The request has more than one `Authorization` header.
    Ambiguous,
    Unknown,
    Expired,
    Revoked,
    /// A token bound to a key was presented as a bearer token. Accepting it
    /// would let an attacker use a stolen token without the key (RFC 9449
    /// section 7.2).
    BoundToKey,
    /// A bearer token was presented as a bound one.
    NotBoundToKey,
    Proof(DpopError),
    /// The token lacks this scope.
    InsufficientScope(&'static str),
}

impl RejectionReason {
    fn status(&self) -> StatusCode {
        match self {
            Self::Ambiguous => StatusCode::BAD_REQUEST,
            Self::InsufficientScope(_) => StatusCode::FORBIDDEN,
            Self::Proof(DpopError::ReplayCacheFull) => StatusCode::SERVICE_UNAVAILABLE,
            _ => StatusCode::UNAUTHORIZED,
        }
    }

    fn code(&self) -> Option<&'static str> {
        match self {
            Self::Missing => None,
            Self::Ambiguous => Some("invalid_request"),
            Self::InsufficientScope(_) => Some("insufficient_scope"),
            // No other proof helps, because the client lacks the token's key.
            Self::Proof(DpopError::InvalidProof(ProofError::OtherKey)) => Some("invalid_token"),
            Self::Proof(error) => Some(error.error_code().as_str()),
            _ => Some("invalid_token"),
        }
    }

    fn description(&self) -> &'static str {
        match self {
            Self::Missing => "The request needs an access token in the Authorization header.",
            Self::Ambiguous => "The request has more than one Authorization header.",
            Self::Unknown => "The access token is unknown, or its record was removed.",
            Self::Expired => "The access token has expired.",
            Self::Revoked => "The access token was revoked.",
            Self::BoundToKey => {
                "The access token is bound to a key: present it as DPoP, with a proof."
            }
            Self::NotBoundToKey => "The access token is not bound to a key: present it as Bearer.",
            Self::Proof(error) => error.description(),
            Self::InsufficientScope(_) => "The access token lacks a scope.",
        }
    }
}

/// A rejected request to a resource.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ResourceRejection {
    scheme: Scheme,
    reason: RejectionReason,
}

impl ResourceRejection {
    /// Rejects a token that was presented with `scheme`.
    pub(super) fn new(scheme: Scheme, reason: RejectionReason) -> Self {
        Self { scheme, reason }
    }

    /// Returns the challenge for `scheme`. It names the error if the request
    /// used that scheme.
    fn challenge(&self, scheme: Scheme) -> String {
        let mut parts = Vec::new();
        if scheme == Scheme::Bearer {
            parts.push("realm=\"Meridian ID\"".to_owned());
        }
        if let (true, Some(code)) = (scheme == self.scheme, self.reason.code()) {
            let description = self.reason.description();
            parts.push(format!(
                "error=\"{code}\", error_description=\"{description}\""
            ));
            if let RejectionReason::InsufficientScope(scope) = self.reason {
                parts.push(format!("scope=\"{scope}\""));
            }
        }
        if scheme == Scheme::Dpop {
            parts.push(format!("algs=\"{ALGORITHM}\""));
        }
        format!("{} {}", scheme.as_str(), parts.join(", "))
    }
}

impl IntoResponse for ResourceRejection {
    fn into_response(self) -> Response {
        let body = json!({
            "error": self.reason.code().unwrap_or("missing_token"),
            "error_description": self.reason.description(),
        });
        let mut response = (self.reason.status(), Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
        for scheme in [self.scheme, self.scheme.other()] {
            if let Ok(challenge) = HeaderValue::from_str(&self.challenge(scheme)) {
                headers.append(header::WWW_AUTHENTICATE, challenge);
            }
        }
        if let RejectionReason::Proof(DpopError::UseNonce(nonce)) = &self.reason {
            nonce::insert_header(headers, nonce);
        }
        response
    }
}
