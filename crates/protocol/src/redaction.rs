//! What an exchange log may show of a request and its response.
//!
//! The list is one of permissions: a parameter that is not known to be harmless
//! is replaced by a fingerprint or left out. `error_description` is not on it,
//! because some providers repeat the token in it.

use confidant_wire::{Claims, Fingerprint, Parameter, TokenKind, Value};
use serde_json::Value as Json;

/// Parameters whose value is shown.
pub const SHOWN: &[&str] = &[
    "access_type",
    "acr_values",
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

/// Parameters that are shown as a fingerprint, and the kind of secret they
/// contain.
pub const FINGERPRINTED: &[(&str, TokenKind)] = &[
    ("access_token", TokenKind::Access),
    ("code", TokenKind::Code),
    ("code_verifier", TokenKind::Once),
    ("dpop", TokenKind::Once),
    ("dpop-nonce", TokenKind::Once),
    ("id_token", TokenKind::Id),
    ("id_token_hint", TokenKind::Id),
    ("nonce", TokenKind::Once),
    ("refresh_token", TokenKind::Refresh),
    ("state", TokenKind::Once),
    ("token", TokenKind::Access),
];

/// The longest shown value, in characters.
pub const MAX_SHOWN: usize = 200;

/// Replaces secrets by fingerprints, which the caller computes.
#[derive(Clone, Copy, Debug)]
pub struct Redactor {
    /// Computes the fingerprint of a secret.
    pub fingerprint: fn(TokenKind, &str) -> Fingerprint,
}

impl Redactor {
    /// Redacts one parameter.
    pub fn parameter(&self, name: &str, value: &str) -> Parameter {
        let kind = FINGERPRINTED.iter().find(|(known, _)| *known == name);
        let value = match kind {
            Some((_, kind)) => Value::Token((self.fingerprint)(*kind, value)),
            None if SHOWN.contains(&name) => Value::Text(value.chars().take(MAX_SHOWN).collect()),
            None => Value::Secret,
        };
        Parameter {
            name: name.to_owned(),
            value,
        }
    }

    /// Redacts the parameters of a query or form. At revocation `token` may be
    /// a refresh token, as `token_type_hint` says (RFC 7009, section 2.1).
    pub fn form(&self, encoded: &[u8]) -> Vec<Parameter> {
        let pairs: Vec<_> = form_urlencoded::parse(encoded).collect();
        let is_refresh_token = pairs
            .iter()
            .any(|(name, value)| name == "token_type_hint" && value == "refresh_token");
        pairs
            .iter()
            .map(|(name, value)| match name.as_ref() {
                "token" if is_refresh_token => Parameter {
                    name: "token".to_owned(),
                    value: Value::Token((self.fingerprint)(TokenKind::Refresh, value)),
                },
                name => self.parameter(name, value),
            })
            .collect()
    }

    /// Redacts the members of a JSON object; of any other body, nothing is
    /// shown.
    pub fn json(&self, body: &[u8]) -> Vec<Parameter> {
        let Ok(members) = serde_json::from_slice::<Claims>(body) else {
            return Vec::new();
        };
        members
            .iter()
            .map(|(name, value)| match value {
                Json::String(text) => self.parameter(name, text),
                other => self.parameter(name, &other.to_string()),
            })
            .collect()
    }

    /// Redacts an `Authorization` header: a bearer or DPoP token becomes a
    /// fingerprint, the credentials of any other scheme are left out.
    pub fn credentials(&self, header: &str) -> Parameter {
        let value = match header.split_once(' ') {
            Some((scheme, token))
                if scheme.eq_ignore_ascii_case("bearer") || scheme.eq_ignore_ascii_case("dpop") =>
            {
                Value::Token((self.fingerprint)(TokenKind::Access, token))
            }
            _ => Value::Secret,
        };
        Parameter {
            name: "authorization".to_owned(),
            value,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases::redaction;

    const REDACTOR: Redactor = Redactor {
        fingerprint: |kind, _| Fingerprint::new(kind, [1, 2, 3]),
    };

    #[test]
    fn every_parameter_is_shown_fingerprinted_or_left_out() {
        for case in redaction::CASES {
            let found = REDACTOR.parameter(case.name, "v-secret").value;
            let expected = match case.fingerprint {
                Some(kind) => Value::Token(Fingerprint::new(kind, [1, 2, 3])),
                None if case.shown => Value::Text("v-secret".into()),
                None => Value::Secret,
            };
            assert_eq!(found, expected, "{}", case.name);
        }
    }

    #[test]
    fn no_secret_of_a_request_or_a_response_is_shown() {
        let sent = REDACTOR.form(redaction::FORM.as_bytes());
        let received = REDACTOR.json(redaction::JSON.as_bytes());
        let authorization = [
            REDACTOR.credentials("Bearer b-secret"),
            REDACTOR.credentials("DPoP d-secret"),
            REDACTOR.credentials("Basic c-secret"),
            REDACTOR.credentials("e-secret"),
        ];
        let shown = format!("{sent:?} {received:?} {authorization:?}");
        assert!(!shown.contains("-secret"), "{shown}");
        assert!(shown.contains("grant_type") && shown.contains("60"));
        assert_eq!(authorization[2].value, Value::Secret);
    }

    #[test]
    fn a_revoked_refresh_token_is_named_as_one() {
        let shown = REDACTOR.form(b"token=t&token_type_hint=refresh_token");
        let expected = Fingerprint::new(TokenKind::Refresh, [1, 2, 3]);
        assert_eq!(shown[0].value, Value::Token(expected));
    }

    #[test]
    fn a_body_that_is_no_object_shows_nothing_and_a_long_value_is_cut() {
        for body in ["", "<html>", "[1]", "\"text\""] {
            assert!(REDACTOR.json(body.as_bytes()).is_empty(), "{body}");
        }
        let long = REDACTOR.parameter("scope", &"é".repeat(MAX_SHOWN + 1));
        assert_eq!(long.value, Value::Text("é".repeat(MAX_SHOWN)));
    }
}
