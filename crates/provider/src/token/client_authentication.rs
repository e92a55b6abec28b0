//! Who is calling: client authentication (RFC 6749 section 2.3).

use axum::http::{HeaderMap, header};
use base64::{Engine as _, engine::general_purpose::STANDARD};

use crate::{
    config::{Client, ClientAuthentication, ClientSecret, Config},
    oauth::{
        error::{ErrorCode, OAuthError},
        parameters::Parameters,
    },
};

/// The client that a request comes from: a confidential one that proved it, by
/// Basic or in the body but never both, or a public one that gave its id.
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
            let (id, secret) = value.to_str().ok().and_then(basic).ok_or_else(|| {
                invalid_client("The Authorization header is not what HTTP Basic looks like.")
            })?;
            if form.get("client_id").is_some_and(|other| other != id) {
                let description = "The header and the body name different clients.";
                return Err(OAuthError::new(ErrorCode::InvalidRequest, description));
            }
            (id, Some(secret))
        }
        None => {
            let id = form.get("client_id").map(str::to_owned);
            let id = id.ok_or_else(|| invalid_client("There is no client authentication."))?;
            (id, form.get("client_secret").map(str::to_owned))
        }
    };
    verify(config, &id, secret.as_deref())
}

/// The client that a request claims to be from, whether or not it can prove it.
pub(crate) fn claimed_id(headers: &HeaderMap, form: &Parameters) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION);
    let basic = value
        .and_then(|value| value.to_str().ok())
        .and_then(basic)
        .map(|(id, _)| id);
    basic.or_else(|| form.get("client_id").map(str::to_owned))
}

fn verify<'a>(
    config: &'a Config,
    id: &str,
    secret: Option<&str>,
) -> Result<&'a Client, OAuthError> {
    let Some(client) = config.client(id) else {
        // The same work as for a known client, so that the time taken does
        // not tell which ids exist.
        ClientSecret::new("").matches(secret.unwrap_or_default());
        return Err(invalid_client(
            "The client is unknown or its secret is wrong.",
        ));
    };
    match (&client.authentication, secret) {
        (ClientAuthentication::Secret(own), Some(secret)) if own.matches(secret) => Ok(client),
        (ClientAuthentication::Secret(_), Some(_)) => Err(invalid_client(
            "The client is unknown or its secret is wrong.",
        )),
        (ClientAuthentication::Secret(_), None) => Err(invalid_client(
            "This client has to authenticate with its secret.",
        )),
        (ClientAuthentication::None, None) => Ok(client),
        // RFC 10017 section 6.3.3.1: a secret in a browser is none, so one
        // must not look as if it counted.
        (ClientAuthentication::None, Some(_)) => {
            Err(invalid_client("This client is public: it has no secret."))
        }
    }
}

/// Id and secret from HTTP Basic, both form-encoded first (section 2.3.1).
fn basic(value: &str) -> Option<(String, String)> {
    let (scheme, credentials) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let decoded = String::from_utf8(STANDARD.decode(credentials.trim()).ok()?).ok()?;
    let (id, secret) = decoded.split_once(':')?;
    Some((form_decode(id)?, form_decode(secret)?))
}

fn form_decode(text: &str) -> Option<String> {
    // One value whose name is empty; `&` and `=` were encoded, if they occur.
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
