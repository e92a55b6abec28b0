//! What the exchange log records of a request and its response: the shared
//! [`Redactor`], applied to HTTP messages.

use crate::digest::fingerprint;
use confidant_protocol::redaction::Redactor;
use confidant_wire::Parameter;
use http::{
    HeaderMap, Request, Response,
    header::{AUTHORIZATION, CONTENT_TYPE},
};

const REDACTOR: Redactor = Redactor { fingerprint };

/// Redacts one parameter.
pub(crate) fn parameter(name: &str, value: &str) -> Parameter {
    REDACTOR.parameter(name, value)
}

/// Redacts the parameters of a query or form.
pub(crate) fn pairs(encoded: &[u8]) -> Vec<Parameter> {
    REDACTOR.form(encoded)
}

/// Redacts the credentials, the query and the form of a request.
pub(crate) fn sent(request: &Request<Vec<u8>>) -> Vec<Parameter> {
    let headers = request.headers();
    let authorization = headers.get(AUTHORIZATION);
    let mut sent: Vec<_> = authorization
        .and_then(|header| header.to_str().ok())
        .map(|header| REDACTOR.credentials(header))
        .into_iter()
        .collect();
    sent.extend(pairs(request.uri().query().unwrap_or_default().as_bytes()));
    if is_form(headers) {
        sent.extend(pairs(request.body()));
    }
    sent
}

/// Redacts the members of a response that is a JSON object.
pub(crate) fn received(response: &Response<Vec<u8>>) -> Vec<Parameter> {
    REDACTOR.json(response.body())
}

fn is_form(headers: &HeaderMap) -> bool {
    headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .and_then(|value| value.split(';').next())
        .is_some_and(|media_type| {
            media_type
                .trim()
                .eq_ignore_ascii_case("application/x-www-form-urlencoded")
        })
}

#[cfg(test)]
mod tests {
    use super::*;
    use confidant_protocol::cases::redaction::{CASES, FORM, JSON};
    use confidant_wire::Value;

    #[test]
    fn every_parameter_is_shown_fingerprinted_or_left_out() {
        for case in CASES {
            let found = parameter(case.name, "v-secret").value;
            let expected = match case.fingerprint {
                Some(kind) => Value::Token(fingerprint(kind, "v-secret")),
                None if case.shown => Value::Text("v-secret".into()),
                None => Value::Secret,
            };
            assert_eq!(found, expected, "{}", case.name);
        }
    }

    #[test]
    fn no_secret_of_a_token_request_is_recorded() {
        for credentials in ["Basic b-secret", "Bearer b-secret", "DPoP b-secret"] {
            let request = Request::post("https://provider.example/token?access_token=q-secret")
                .header(AUTHORIZATION, credentials)
                .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(FORM.as_bytes().to_vec())
                .unwrap();
            let recorded = format!("{:?}", sent(&request));
            assert!(!recorded.contains("-secret"), "{recorded}");
            assert!(recorded.contains("grant_type"), "{recorded}");
        }
    }

    #[test]
    fn no_secret_of_a_response_is_recorded() {
        let response = Response::new(JSON.as_bytes().to_vec());
        let recorded = format!("{:?}", received(&response));
        assert!(!recorded.contains("-secret"), "{recorded}");
        assert!(recorded.contains("60"), "{recorded}");
    }
}
