//! What may be written down of a request and its answer. What is not known to
//! be harmless is a fingerprint, or left out.

use crate::digest::fingerprint;
use confidant_wire::{Claims, Parameter, TokenKind, Value};
use http::{
    HeaderMap, Request, Response,
    header::{AUTHORIZATION, CONTENT_TYPE},
};
use serde_json::Value as Json;

/// Parameters shown as they are.
const PLAIN: &[&str] = &[
    "acr_values",
    "active",
    "access_type",
    "aud",
    "client_id",
    "code_challenge",
    "code_challenge_method",
    "email",
    "email_verified",
    "error",
    "exp",
    "expires_in",
    "family_name",
    "given_name",
    "grant_type",
    "iat",
    "iss",
    "login_hint",
    "name",
    "nickname",
    "picture",
    "preferred_username",
    "prompt",
    "redirect_uri",
    "refresh_token_expires_in",
    "resource",
    "response_type",
    "scope",
    "sub",
    "token_type",
    "token_type_hint",
    "username",
];

/// One parameter, its secret replaced.
pub(crate) fn parameter(name: &str, text: &str) -> Parameter {
    let token = |kind| Value::Token(fingerprint(kind, text));
    let value = match name {
        "access_token" => token(TokenKind::Access),
        "refresh_token" => token(TokenKind::Refresh),
        "id_token" | "id_token_hint" => token(TokenKind::Id),
        "code" => token(TokenKind::Code),
        "state" | "nonce" | "code_verifier" => token(TokenKind::Once),
        name if PLAIN.contains(&name) => Value::Text(text.to_owned()),
        _ => Value::Secret,
    };
    Parameter {
        name: name.to_owned(),
        value,
    }
}

/// The pairs of a query or form, their secrets replaced.
pub(crate) fn pairs(encoded: &[u8]) -> Vec<Parameter> {
    let pairs: Vec<_> = url::form_urlencoded::parse(encoded).collect();
    let refresh = pairs
        .iter()
        .any(|(name, value)| name == "token_type_hint" && value == "refresh_token");
    pairs
        .iter()
        .map(|(name, value)| match name.as_ref() {
            "token" => Parameter {
                name: "token".into(),
                value: Value::Token(fingerprint(
                    if refresh {
                        TokenKind::Refresh
                    } else {
                        TokenKind::Access
                    },
                    value,
                )),
            },
            name => parameter(name, value),
        })
        .collect()
}

/// What a request carries: its credentials, its query, its form.
pub(crate) fn sent(request: &Request<Vec<u8>>) -> Vec<Parameter> {
    let mut sent = credentials(request.headers());
    sent.extend(pairs(request.uri().query().unwrap_or_default().as_bytes()));
    if has_type(request.headers(), "application/x-www-form-urlencoded") {
        sent.extend(pairs(request.body()));
    }
    sent
}

fn credentials(headers: &HeaderMap) -> Vec<Parameter> {
    let Some(text) = headers.get(AUTHORIZATION).and_then(|v| v.to_str().ok()) else {
        return Vec::new();
    };
    let value = match text.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => {
            Value::Token(fingerprint(TokenKind::Access, token))
        }
        _ => Value::Secret,
    };
    vec![Parameter {
        name: "authorization".into(),
        value,
    }]
}

/// What an answer carries, if it is a JSON object.
pub(crate) fn received(response: &Response<Vec<u8>>) -> Vec<Parameter> {
    let Ok(answer) = serde_json::from_slice::<Claims>(response.body()) else {
        return Vec::new();
    };
    answer
        .iter()
        .map(|(name, value)| parameter(name, &text(value)))
        .collect()
}

/// A JSON value as a person reads it.
fn text(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// Whether the content is of this media type.
pub(crate) fn has_type(headers: &HeaderMap, media_type: &str) -> bool {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|found| found.trim().eq_ignore_ascii_case(media_type))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_secret_of_a_token_request_is_written_down() {
        let request = Request::post("https://provider.example/token?access_token=q-secret")
            .header(AUTHORIZATION, "Basic b-secret")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(
                b"grant_type=refresh_token&refresh_token=r-secret&client_secret=c-secret\
                  &code=o-secret&code_verifier=v-secret&assertion=a-secret&token=t-secret"
                    .to_vec(),
            )
            .unwrap();
        let written = format!("{:?}", sent(&request));
        assert!(!written.contains("-secret"), "{written}");
        assert!(written.contains("grant_type"), "{written}");
    }

    #[test]
    fn no_secret_of_an_answer_is_written_down() {
        let body = br#"{"access_token":"a-secret","refresh_token":"r-secret","id_token":"i-secret",
            "expires_in":60,"authed_user":{"access_token":"n-secret"},"error_description":"r-secret"}"#;
        let written = format!("{:?}", received(&Response::new(body.to_vec())));
        assert!(!written.contains("-secret"), "{written}");
        assert!(written.contains("60"), "{written}");
    }
}
