//! Client authentication (RFC 6749 section 2.3).

use axum::http::{HeaderMap, header};
use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::{
    config::{Client, ClientAuthentication, ClientSecret, Config},
    oauth::{
        error::{ErrorCode, OAuthError},
        parameters::Parameters,
    },
};

/// Returns the client that sent a request: a confidential client that
/// authenticated by HTTP Basic or in the body, but not both, or a public
/// client that sent its id.
pub(crate) fn authenticate<'a>(
    config: &'a Config,
    headers: &HeaderMap,
    form: &Parameters,
) -> Result<&'a Client, OAuthError> {
    let (id, secret) = match headers.get(header::AUTHORIZATION) {
        Some(_) if form.get("client_secret").is_some() => {
            let description = "Authenticate by the Authorization header or in the body, not both.";
            return Err(OAuthError::new(ErrorCode::InvalidRequest, description));
        }
        Some(value) => {
            let basic = value.to_str().ok().and_then(parse_basic);
            let (id, secret) = basic.ok_or_else(|| {
                invalid_client("The Authorization header is not valid HTTP Basic authentication.")
            })?;
            if form.get("client_id").is_some_and(|other| other != id) {
                let description = "The header and the body name different clients.";
                return Err(OAuthError::new(ErrorCode::InvalidRequest, description));
            }
            (id, Some(secret))
        }
        None => {
            let id = form.get("client_id").map(str::to_owned);
            let id = id.ok_or_else(|| invalid_client("The request names no client."))?;
            (id, form.get("client_secret").map(str::to_owned))
        }
    };
    verify(config, &id, secret.as_deref())
}

/// Returns the client id in a request, whether or not the client can
/// authenticate.
pub(crate) fn claimed_id(headers: &HeaderMap, form: &Parameters) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION);
    let basic = value
        .and_then(|value| value.to_str().ok())
        .and_then(parse_basic)
        .map(|(id, _)| id);
    basic.or_else(|| form.get("client_id").map(str::to_owned))
}

fn verify<'a>(
    config: &'a Config,
    id: &str,
    secret: Option<&str>,
) -> Result<&'a Client, OAuthError> {
    let unknown = || invalid_client("The client is unknown or its secret is wrong.");
    let Some(client) = config.client(id) else {
        // Do the same work as for a known client, so that the response time
        // does not tell an attacker which ids exist.
        ClientSecret::new("").matches(secret.unwrap_or_default());
        return Err(unknown());
    };
    match (&client.authentication, secret) {
        (ClientAuthentication::Secret(own), Some(secret)) if own.matches(secret) => Ok(client),
        (ClientAuthentication::Secret(_), Some(_)) => Err(unknown()),
        (ClientAuthentication::Secret(_), None) => Err(invalid_client(
            "This client must authenticate with its secret.",
        )),
        (ClientAuthentication::None, None) => Ok(client),
        // A secret in a browser is not secret (RFC 10017 section 6.3.3.1), so
        // the provider must not appear to check one.
        (ClientAuthentication::None, Some(_)) => Err(invalid_client(
            "This client is public and must not send a secret.",
        )),
    }
}

/// Parses id and secret from HTTP Basic. Both are form-encoded inside it
/// (RFC 6749 section 2.3.1).
fn parse_basic(value: &str) -> Option<(String, String)> {
    let (scheme, credentials) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(credentials.trim()).ok()?).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    Some((form_decode(id)?, form_decode(secret)?))
}

fn form_decode(text: &str) -> Option<String> {
    // `&` and `=` are percent-encoded in a single value.
    if text.contains('&') {
        return None;
    }
    let pair = format!("={text}");
    let mut pairs = url::form_urlencoded::parse(pair.as_bytes());
    pairs.next().map(|(_, value)| value.into_owned())
}

fn invalid_client(description: &str) -> OAuthError {
    OAuthError::new(ErrorCode::InvalidClient, description)
}
