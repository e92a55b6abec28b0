//! What may be written down of a request and its answer. What is not known to
//! be harmless is a fingerprint, or left out.

use crate::digest::fingerprint;
use confidant_wire::{Claims, Parameter, TokenKind, Value};
use serde_json::Value as Json;

/// Parameters shown as they are.
const PLAIN: &[&str] = &[
    "active",
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
    "name",
    "nickname",
    "picture",
    "preferred_username",
    "prompt",
    "redirect_uri",
    "refresh_token_expires_in",
    "response_type",
    "scope",
    "sub",
    "token_type",
    "token_type_hint",
    "username",
];

/// The longest text that is kept, in characters.
const LONGEST: usize = 200;

/// One parameter, its secret replaced.
pub(crate) fn parameter(name: &str, text: &str) -> Parameter {
    let token = |kind| Value::Token(fingerprint(kind, text));
    let value = match name {
        "access_token" | "token" => token(TokenKind::Access),
        "refresh_token" => token(TokenKind::Refresh),
        "id_token" | "id_token_hint" => token(TokenKind::Id),
        "code" => token(TokenKind::Code),
        "state" | "nonce" | "code_verifier" | "dpop" | "dpop-nonce" => token(TokenKind::Once),
        name if PLAIN.contains(&name) => Value::Text(text.chars().take(LONGEST).collect()),
        _ => Value::Secret,
    };
    Parameter {
        name: name.to_owned(),
        value,
    }
}

/// The pairs of a query or form, their secrets replaced.
pub(crate) fn pairs(encoded: &str) -> Vec<Parameter> {
    let pairs: Vec<_> = form_urlencoded::parse(encoded.as_bytes()).collect();
    let hint = pairs.iter().find(|(name, _)| name == "token_type_hint");
    let refresh = hint.is_some_and(|(_, value)| value == "refresh_token");
    pairs
        .iter()
        .map(|(name, value)| match name.as_ref() {
            // At revocation, so that the eye can follow it.
            "token" if refresh => Parameter {
                name: "token".into(),
                value: Value::Token(fingerprint(TokenKind::Refresh, value)),
            },
            name => parameter(name, value),
        })
        .collect()
}

/// What a JSON object holds; of anything else, nothing.
pub(crate) fn fields(body: &str) -> Vec<Parameter> {
    let Ok(fields) = serde_json::from_str::<Claims>(body) else {
        return Vec::new();
    };
    fields
        .iter()
        .map(|(name, value)| match value {
            Json::String(text) => parameter(name, text),
            other => parameter(name, &other.to_string()),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_secret_is_written_down() {
        let sent = pairs(
            "grant_type=refresh_token&refresh_token=r-secret&code=c-secret&code_verifier=v-secret\
             &token=t-secret&token_type_hint=refresh_token&assertion=a-secret&state=s-secret",
        );
        let received = fields(
            r#"{"access_token":"a-secret","refresh_token":"r-secret","id_token":"i-secret",
                "expires_in":60,"more":{"access_token":"n-secret"},"error_description":"r-secret"}"#,
        );
        let written = format!("{sent:?} {received:?}");
        assert!(!written.contains("-secret"), "{written}");
        assert!(written.contains("grant_type") && written.contains("60"));
    }

    #[test]
    fn what_is_no_object_holds_nothing() {
        for body in ["", "<html>", "[1]", "\"text\""] {
            assert!(fields(body).is_empty());
        }
    }
}
