//! Quirky token answers made standard, before a parser sees them.

use crate::{exchange_log::redaction::has_type, refresh::token_error::error_code};
use confidant_wire::Claims;
use http::{HeaderValue, Response, StatusCode, header::CONTENT_TYPE};
use serde_json::{Value, json};

/// The answer as RFC 6749, sections 5.1 and 5.2 would have it. What is not an
/// answer of any known spelling stays as it is.
pub(crate) fn normalise(response: Response<Vec<u8>>) -> Response<Vec<u8>> {
    let Some(mut fields) = fields(&response) else {
        return response;
    };
    let status = response.status();
    let ok = status.is_success();
    if let Some(error) = error_code(&fields) {
        let status = if ok { StatusCode::BAD_REQUEST } else { status };
        return rebuilt(&response, status, &json!({ "error": error }));
    }
    if !ok || !fields.contains_key("access_token") {
        return response;
    }
    // Parsers take seconds as a whole number; some send text or a fraction,
    // and zero where they mean that it does not expire.
    let seconds = match fields.remove("expires_in") {
        Some(Value::Number(number)) => number.as_u64().or(number.as_f64().map(whole)),
        Some(Value::String(text)) => text.trim().parse().ok(),
        _ => None,
    };
    if let Some(seconds) = seconds.filter(|seconds| *seconds > 0) {
        fields.insert("expires_in".into(), seconds.into());
    }
    let scope = match fields.remove("scope") {
        Some(Value::String(text)) => text.replace(',', " "),
        Some(Value::Array(items)) => {
            let items: Vec<_> = items.iter().filter_map(Value::as_str).collect();
            items.join(" ")
        }
        _ => String::new(),
    };
    if !scope.trim().is_empty() {
        fields.insert("scope".into(), scope.into());
    }
    if !fields.get("token_type").is_some_and(Value::is_string) {
        fields.insert("token_type".into(), "Bearer".into());
    }
    let refresh_token = fields.get("refresh_token").and_then(Value::as_str);
    if refresh_token.is_none_or(str::is_empty) {
        fields.remove("refresh_token");
    }
    rebuilt(&response, StatusCode::OK, &Value::Object(fields))
}

/// The fields of a JSON object, or of a form, which GitHub sends.
fn fields(response: &Response<Vec<u8>>) -> Option<Claims> {
    if has_type(response.headers(), "application/x-www-form-urlencoded") {
        return Some(
            url::form_urlencoded::parse(response.body())
                .map(|(name, value)| (name.into_owned(), value.into_owned().into()))
                .collect(),
        );
    }
    serde_json::from_slice(response.body()).ok()
}

fn whole(seconds: f64) -> u64 {
    // Saturates at both ends, and NaN becomes 0.
    seconds as u64
}

fn rebuilt(response: &Response<Vec<u8>>, status: StatusCode, fields: &Value) -> Response<Vec<u8>> {
    let mut rebuilt = Response::new(fields.to_string().into_bytes());
    *rebuilt.status_mut() = status;
    *rebuilt.headers_mut() = response.headers().clone();
    rebuilt
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    rebuilt
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normalised(status: u16, media_type: &str, body: &str) -> (u16, Value) {
        let response = Response::builder()
            .status(status)
            .header(CONTENT_TYPE, media_type)
            .body(body.as_bytes().to_vec())
            .unwrap();
        let response = normalise(response);
        let body = serde_json::from_slice(response.body()).unwrap_or(Value::Null);
        (response.status().as_u16(), body)
    }

    #[test]
    fn an_error_with_status_200_becomes_an_error() {
        let (status, body) = normalised(
            200,
            "application/json",
            r#"{"error":"bad_refresh_token","error_description":"rt-1"}"#,
        );
        assert_eq!((status, body), (400, json!({"error": "bad_refresh_token"})));
    }

    #[test]
    fn an_error_without_the_standard_field_becomes_one_with_it() {
        for (status, body, expected) in [
            (
                401,
                r#"{"errors":[{"errorType":"invalid_grant","message":"rt-1"}],"success":false}"#,
                (401, json!({"error": "invalid_grant"})),
            ),
            (
                200,
                r#"{"ok":false,"error":"invalid_refresh_token"}"#,
                (400, json!({"error": "invalid_refresh_token"})),
            ),
            (
                200,
                r#"{"ok":false}"#,
                (400, json!({"error": "unspecified"})),
            ),
        ] {
            assert_eq!(normalised(status, "application/json", body), expected);
        }
    }

    #[test]
    fn a_form_is_read_as_if_it_were_json() {
        let (status, body) = normalised(
            200,
            "application/x-www-form-urlencoded",
            "access_token=a&expires_in=60&scope=&token_type=bearer",
        );
        assert_eq!(status, 200);
        assert_eq!(
            body,
            json!({"access_token": "a", "expires_in": 60, "token_type": "bearer"})
        );
    }

    #[test]
    fn lifetimes_and_scopes_of_every_spelling_are_understood() {
        for (sent, expected) in [
            (json!("3600"), json!(3600)),
            (json!(3599.5), json!(3599)),
            (json!(0), Value::Null),
            (json!("never"), Value::Null),
            (Value::Null, Value::Null),
        ] {
            let body = json!({"access_token": "a", "expires_in": sent, "scope": null});
            let (_, body) = normalised(200, "application/json", &body.to_string());
            assert_eq!(
                body.get("expires_in").cloned().unwrap_or_default(),
                expected
            );
            assert_eq!(body["token_type"], "Bearer");
            assert_eq!(body.get("scope"), None);
        }
        let (_, body) = normalised(
            200,
            "application/json",
            r#"{"access_token":"a","scope":"read,write"}"#,
        );
        assert_eq!(body["scope"], "read write");
    }

    #[test]
    fn a_page_of_html_stays_what_it_is() {
        assert_eq!(normalised(503, "text/html", "<h1>busy"), (503, Value::Null));
    }
}
