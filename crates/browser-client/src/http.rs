//! HTTP requests and responses, as a platform sends and receives them.

use confidant_protocol::{Ambiguity, token_response::RawResponse};
use std::time::Duration;

/// An HTTP request. A platform sends it without cookies and follows no
/// redirect.
#[derive(Clone, Debug, PartialEq)]
pub struct Request {
    /// The method.
    pub method: &'static str,
    /// The absolute URL.
    pub url: String,
    /// Header fields.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Option<String>,
    /// Whether a cached response will do.
    pub cached: bool,
}

/// An HTTP response, complete.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Response {
    /// The status.
    pub status: u16,
    /// The media type and its parameters.
    pub content_type: String,
    /// The body.
    pub body: String,
    /// `Retry-After`, in seconds, if the page may read it.
    pub retry_after: Option<u64>,
    /// `DPoP-Nonce` (RFC 9449, section 8), if the page may read it.
    pub dpop_nonce: Option<String>,
    /// `WWW-Authenticate`, if the page may read it.
    pub www_authenticate: Option<String>,
    /// The error code of this application's own service worker, if it sent
    /// nothing.
    pub worker_error: Option<String>,
    /// `Date`, in Unix milliseconds, if the page may read it.
    pub date: Option<u64>,
}

/// Why there is no response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransportError {
    /// `fetch` threw. The browser hides from scripts whether the server was
    /// unreachable or its response had no CORS headers: the server may well have
    /// processed the request.
    Failed,
    /// No response came within the limit.
    TimedOut,
    /// The response began with this status and ended early.
    CutShort(u16),
}

impl Request {
    /// Creates a GET request for JSON.
    pub(crate) fn get(url: &str) -> Self {
        Self {
            method: "GET",
            url: url.to_owned(),
            headers: vec![("accept", "application/json".into())],
            body: None,
            cached: false,
        }
    }

    /// Creates a POST request with a form, for JSON.
    pub(crate) fn form(url: &str, fields: &[(&str, &str)]) -> Self {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields);
        let mut request = Self::get(url);
        let form_type = "application/x-www-form-urlencoded".to_owned();
        request.method = "POST";
        request.headers.push(("content-type", form_type));
        request.body = Some(form.finish());
        request
    }
}

impl Response {
    /// Returns the response as the protocol reads it.
    pub(crate) fn raw(&self) -> RawResponse<'_> {
        RawResponse {
            status: self.status,
            content_type: &self.content_type,
            body: self.body.as_bytes(),
            retry_after: self.retry_after.map(Duration::from_secs),
        }
    }

    /// Returns the error of a challenge (RFC 6750, section 3; RFC 9449,
    /// section 7.1).
    pub(crate) fn challenge_error(&self) -> Option<&str> {
        let (_, rest) = self.www_authenticate.as_deref()?.split_once("error=\"")?;
        let (error, _) = rest.split_once('"')?;
        Some(error)
    }
}

impl From<TransportError> for Ambiguity {
    fn from(error: TransportError) -> Self {
        match error {
            TransportError::Failed => Self::NoResponse,
            TransportError::TimedOut => Self::TimedOut,
            TransportError::CutShort(_) => Self::CutShort,
        }
    }
}
