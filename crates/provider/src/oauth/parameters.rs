//! Request parameters, from a query or a form.

use axum::{
    body::Bytes,
    extract::{FromRequest, Request, rejection::BytesRejection},
    http::{HeaderMap, StatusCode, header},
};
use thiserror::Error;

/// Decoded parameters, in the order of the request. A parameter without a
/// value counts as left out (RFC 6749 section 3.1).
#[derive(Clone, Debug, Default)]
pub(crate) struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// Reads `application/x-www-form-urlencoded` text.
    pub(crate) fn parse(text: &[u8]) -> Self {
        let pairs = url::form_urlencoded::parse(text);
        Self(
            pairs
                .filter(|(_, value)| !value.is_empty())
                .map(|(name, value)| (name.into_owned(), value.into_owned()))
                .collect(),
        )
    }

    /// The value of `name`, if it is there exactly once.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        let mut values = self.0.iter().filter(|(own, _)| own == name);
        match (values.next(), values.next()) {
            (Some((_, value)), None) => Some(value),
            _ => None,
        }
    }

    /// Whether `name` is there more than once.
    pub(crate) fn is_repeated(&self, name: &str) -> bool {
        self.0.iter().filter(|(own, _)| own == name).count() > 1
    }

    /// The first parameter that is there more than once. RFC 6749 section 3.1
    /// forbids that, because two readers may pick two different values.
    pub(crate) fn repeated(&self) -> Option<&str> {
        let names = self.0.iter().map(|(name, _)| name.as_str());
        names.into_iter().find(|name| self.is_repeated(name))
    }

    /// The same parameters as a query, `name` replaced (or, by `None`, left out).
    pub(crate) fn with(&self, name: &str, value: Option<&str>) -> Self {
        let mut pairs = self.0.clone();
        pairs.retain(|(own, _)| own != name);
        if let Some(value) = value.filter(|value| !value.is_empty()) {
            pairs.push((name.to_owned(), value.to_owned()));
        }
        Self(pairs)
    }

    /// The parameters as a query string.
    pub(crate) fn to_query(&self) -> String {
        url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&self.0)
            .finish()
    }
}

/// Why the body of a request is no form.
#[derive(Debug, Error)]
pub(crate) enum FormError {
    #[error("The body must be application/x-www-form-urlencoded.")]
    MediaType,
    #[error("The body is too large or was cut short.")]
    Body(StatusCode),
}

impl FormError {
    pub(crate) fn status(&self) -> StatusCode {
        match self {
            Self::MediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::Body(status) => *status,
        }
    }
}

impl From<BytesRejection> for FormError {
    fn from(rejection: BytesRejection) -> Self {
        Self::Body(rejection.status())
    }
}

/// The form in a request's body, within the router's limit of size.
pub(crate) async fn read_form<S: Send + Sync>(
    request: Request,
    state: &S,
) -> Result<Parameters, FormError> {
    if !is_form(request.headers()) {
        return Err(FormError::MediaType);
    }
    let body = Bytes::from_request(request, state).await?;
    Ok(Parameters::parse(&body))
}

/// Whether the body is a form by its media type.
pub(crate) fn is_form(headers: &HeaderMap) -> bool {
    let media_type = headers.get(header::CONTENT_TYPE);
    let media_type = media_type.and_then(|value| value.to_str().ok());
    let essence = media_type.and_then(|value| value.split(';').next());
    essence.is_some_and(|value| {
        value
            .trim()
            .eq_ignore_ascii_case("application/x-www-form-urlencoded")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_repeated_parameter_has_no_value() {
        let parameters = Parameters::parse(b"scope=a&state=x&scope=b");
        assert_eq!(parameters.get("scope"), None);
        assert_eq!(parameters.repeated(), Some("scope"));
    }

    #[test]
    fn an_empty_parameter_counts_as_left_out() {
        let parameters = Parameters::parse(b"state=&scope=openid+email");
        assert_eq!(parameters.get("state"), None);
        assert_eq!(parameters.get("scope"), Some("openid email"));
    }
}
