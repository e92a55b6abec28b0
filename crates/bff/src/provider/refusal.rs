//! What a provider says when it refuses a request, for the operator's log.

use confidant_protocol::{log_text::log_text, token_response::RawResponse};
use http::{
    HeaderName, Response,
    header::{CONTENT_TYPE, WWW_AUTHENTICATE},
};
use serde_json::Value;

/// Stands for a secret that the provider repeats.
const REDACTED: &str = "[redacted]";

/// Returns the provider's error code and description (RFC 6749, section 5.2;
/// RFC 6750, section 3), escaped and bounded, without these secrets of the
/// request. `None` if it says nothing.
pub(super) fn words(response: &Response<Vec<u8>>, secrets: &[&str]) -> Option<String> {
    let header = |name: HeaderName| response.headers().get(name)?.to_str().ok();
    let raw = RawResponse {
        status: response.status().as_u16(),
        content_type: header(CONTENT_TYPE).unwrap_or_default(),
        body: response.body(),
        retry_after: None,
    };
    let fields = raw.fields().unwrap_or_default();
    let text = |name: &str| fields.get(name).and_then(Value::as_str);
    let parts = [
        text("error"),
        text("error_description"),
        header(WWW_AUTHENTICATE),
    ];
    let said: Vec<_> = parts.into_iter().flatten().collect();
    let mut words = said.join(": ");
    for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
        words = words.replace(secret, REDACTED);
    }
    (!words.is_empty()).then(|| log_text(&words))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn response(status: u16, body: &str) -> Response<Vec<u8>> {
        let response = Response::builder().status(status);
        response.body(body.as_bytes().to_vec()).unwrap()
    }

    #[test]
    fn b15_the_words_are_logged_without_secrets_and_on_one_line() {
        for (body, expected) in [
            (
                r#"{"error": "invalid_grant", "error_description": "AADSTS70008:\nexpired"}"#,
                Some("invalid_grant: AADSTS70008:\\nexpired"),
            ),
            (
                r#"{"error": "e", "error_description": "the token rt-secret is dead"}"#,
                Some("e: the token [redacted] is dead"),
            ),
            (r#"{"error": {"code": 1}}"#, None),
            ("<html>", None),
            ("", None),
        ] {
            let found = words(&response(400, body), &["rt-secret", ""]);
            assert_eq!(found.as_deref(), expected, "{body}");
        }
        let long = format!(r#"{{"error": "{}"}}"#, "x".repeat(20_000));
        assert!(words(&response(400, &long), &[]).unwrap().len() < 250);
    }

    #[test]
    fn a_challenge_is_logged_too() {
        let mut response = response(403, "");
        let challenge = r#"Bearer error="insufficient_scope""#;
        response
            .headers_mut()
            .insert(WWW_AUTHENTICATE, challenge.parse().unwrap());
        assert_eq!(words(&response, &[]).as_deref(), Some(challenge));
    }
}
