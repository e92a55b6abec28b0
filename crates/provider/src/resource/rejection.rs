//! Why a resource is not given, and the challenges that say so.

use axum::{
    Json,
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

use crate::dpop::{
    nonce,
    proof::{ALGORITHM, ProofError},
    verify::DpopError,
};

/// How a token is presented.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scheme {
    Bearer,
    Dpop,
}

impl Scheme {
    /// Reads an authentication scheme; upper and lower case are the same.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let schemes = [Self::Bearer, Self::Dpop];
        let own = |scheme: &Self| scheme.as_str().eq_ignore_ascii_case(text);
        schemes.into_iter().find(own)
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

/// Why (RFC 6750 section 3.1, RFC 9449 section 7.1).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum RejectionReason {
    /// No token at all: the challenge then names no error.
    Missing,
    /// More than one `Authorization` header.
    Ambiguous,
    Unknown,
    Expired,
    Revoked,
    /// A token that is bound to a key, presented as if it were not. Otherwise
    /// whoever stole it could do that (RFC 9449 section 7.2).
    BoundToKey,
    /// The other way round.
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
            // No better proof will help: the client lacks the token's key.
            Self::Proof(DpopError::InvalidProof(ProofError::OtherKey)) => Some("invalid_token"),
            Self::Proof(error) => Some(error.error()),
            _ => Some("invalid_token"),
        }
    }

    fn description(&self) -> &'static str {
        match self {
            Self::Missing => "This needs an access token in the Authorization header.",
            Self::Ambiguous => "There is more than one Authorization header.",
            Self::Unknown => "The access token is unknown or was forgotten.",
            Self::Expired => "The access token has expired.",
            Self::Revoked => "The access token was revoked.",
            Self::BoundToKey => {
                "The access token is bound to a key: present it as DPoP, with a proof."
            }
            Self::NotBoundToKey => "The access token is bound to no key: present it as Bearer.",
            Self::Proof(error) => error.description(),
            Self::InsufficientScope(_) => "The access token does not reach that far.",
        }
    }
}

/// A resource is not given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ResourceRejection {
    scheme: Scheme,
    reason: RejectionReason,
}

impl ResourceRejection {
    /// A refusal of a token presented by `scheme`.
    pub(super) fn new(scheme: Scheme, reason: RejectionReason) -> Self {
        Self { scheme, reason }
    }

    /// The challenge of `scheme`: the error, if it is the one that was used.
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
