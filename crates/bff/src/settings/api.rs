//! One API that browsers reach through the backend.

use crate::forward::{BadRoute, RequestHeader, ResponseHeader, Route};
use std::time::Duration;
use url::Url;

/// How long an API may stay silent.
const TIMEOUT: Duration = Duration::from_secs(30);

/// How large a request body may be, in bytes.
const BODY_LIMIT: u64 = 10 * 1024 * 1024;

/// One API that requests are forwarded to, with an access token attached
/// (RFC 10017, section 6.1.3.6).
///
/// Browsers call it under `/api/{id}/…`. Only the listed routes are forwarded.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Api {
    /// The id in forwarded paths: `/api/{id}/…`.
    pub id: String,
    /// The id of the provider whose tokens the API accepts; the only provider
    /// when empty.
    pub provider: String,
    /// The scheme, the host and the path prefix of all its URLs.
    pub upstream: Url,
    /// The methods and paths that are forwarded. Every other request is
    /// answered with 404.
    pub routes: Vec<Route>,
    /// Request headers that are forwarded beside the standard ones.
    pub request_headers: Vec<RequestHeader>,
    /// Response headers that reach browsers beside the standard ones.
    pub response_headers: Vec<ResponseHeader>,
    /// The resource that its tokens are requested for (RFC 8707).
    pub resource: Option<String>,
    /// The scopes of tokens for this API, if fewer than those of the session.
    pub scope: Option<Vec<String>>,
    /// How long the API may stay silent before its response begins, and between
    /// two parts of the request.
    pub timeout: Duration,
    /// How long it may stay silent between two parts of the response, if not as
    /// long as before it. An event stream may always be silent.
    pub idle: Option<Duration>,
    /// How large a request body may be, in bytes.
    pub body_limit: u64,
}

/// Why an [`Api`] cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum BadApi {
    /// The upstream is not an absolute http or https URL without a query.
    #[error("{0:?} is not an upstream: expected an http or https URL without query and fragment")]
    Upstream(String),
    /// A route is malformed.
    #[error(transparent)]
    Route(#[from] BadRoute),
}

impl Api {
    /// Describes an API at a URL that is parsed already. No routes are
    /// forwarded yet.
    pub fn at(id: impl Into<String>, upstream: Url) -> Self {
        Self {
            id: id.into(),
            provider: String::new(),
            upstream,
            routes: Vec::new(),
            request_headers: Vec::new(),
            response_headers: Vec::new(),
            resource: None,
            scope: None,
            timeout: TIMEOUT,
            idle: None,
            body_limit: BODY_LIMIT,
        }
    }

    /// Describes an API: its id in paths, the prefix of its URLs, and the routes
    /// that are forwarded, such as `GET /orders/{id}` or `* /orders/*`.
    ///
    /// # Errors
    /// [`BadApi`] if the upstream is not a URL or a route is malformed.
    pub fn new<'a>(
        id: impl Into<String>,
        upstream: &str,
        routes: impl IntoIterator<Item = &'a str>,
    ) -> Result<Self, BadApi> {
        let url = Url::parse(upstream)
            .ok()
            .filter(|url| matches!(url.scheme(), "http" | "https"))
            .filter(|url| url.query().is_none() && url.fragment().is_none())
            .ok_or_else(|| BadApi::Upstream(upstream.to_owned()))?;
        let routes = routes
            .into_iter()
            .map(str::parse)
            .collect::<Result<_, _>>()?;
        Ok(Self {
            routes,
            ..Self::at(id, url)
        })
    }

    /// Sends tokens of this provider. Needed only with several providers.
    #[must_use]
    pub fn provider(self, id: impl Into<String>) -> Self {
        Self {
            provider: id.into(),
            ..self
        }
    }

    /// Requests tokens for this resource (RFC 8707).
    #[must_use]
    pub fn resource(self, resource: impl Into<String>) -> Self {
        Self {
            resource: Some(resource.into()),
            ..self
        }
    }

    /// Requests tokens with these scopes only (RFC 6749, section 6).
    #[must_use]
    pub fn scopes(self, scopes: impl IntoIterator<Item = impl Into<String>>) -> Self {
        Self {
            scope: Some(scopes.into_iter().map(Into::into).collect()),
            ..self
        }
    }
}
