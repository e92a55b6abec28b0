//! Responses, read to their end.

use axum::{
    body::{Body, to_bytes},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use confidant_test_support::form::Form;
use serde_json::Value;
use url::Url;

/// A response with its whole body.
#[derive(Debug)]
pub(crate) struct TestResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl TestResponse {
    pub(crate) async fn read(response: Response<Body>) -> Self {
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, 10_000_000).await.unwrap();
        Self {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8(bytes.to_vec()).unwrap(),
        }
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map_or("", |value| value.to_str().unwrap())
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text)
            .unwrap_or_else(|_| panic!("{} is not JSON: {}", self.status, self.text))
    }

    /// Returns the JSON body. Panics unless the status is 200.
    #[track_caller]
    pub(crate) fn success(&self) -> Value {
        assert_eq!(self.status, StatusCode::OK, "{}", self.text);
        self.json()
    }

    /// Returns the status and the error code.
    #[track_caller]
    pub(crate) fn problem(&self) -> (u16, String) {
        let code = self.json()["code"].as_str().expect("a code").to_owned();
        (self.status.as_u16(), code)
    }

    /// Returns the target of a 303.
    #[track_caller]
    pub(crate) fn location(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.text);
        self.header("location")
    }

    /// Returns names and values of the hidden fields of the first form.
    #[track_caller]
    pub(crate) fn hidden(&self) -> Vec<(String, String)> {
        Form::parse(&self.text).expect("a form").hidden
    }

    /// Returns the address that the first form is submitted to.
    #[track_caller]
    pub(crate) fn action(&self) -> String {
        Form::parse(&self.text).expect("a form").action
    }
}

/// Returns a parameter of a URL's query.
pub(crate) fn parameter(url: &str, name: &str) -> Option<String> {
    let url = Url::options()
        .base_url(Some(&"http://localhost:3000".parse().unwrap()))
        .parse(url)
        .unwrap();
    let mut pairs = url.query_pairs();
    pairs
        .find(|(own, _)| own == name)
        .map(|(_, value)| value.into_owned())
}
