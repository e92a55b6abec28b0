//! An answer, and what is read in it.

use axum::{
    body::{Body, to_bytes},
    http::{HeaderMap, StatusCode},
    response::Response,
};
use confidant_test_support::form::Form;
use serde_json::Value;
use url::Url;

/// An answer, read to its end.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Answer {
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
            .unwrap_or_else(|_| panic!("{} is no JSON: {}", self.status, self.text))
    }

    /// The body of a success.
    #[track_caller]
    pub(crate) fn good(&self) -> Value {
        assert_eq!(self.status, StatusCode::OK, "{}", self.text);
        self.json()
    }

    /// Status and code of a failure.
    #[track_caller]
    pub(crate) fn problem(&self) -> (u16, String) {
        let code = self.json()["code"].as_str().expect("a code").to_owned();
        (self.status.as_u16(), code)
    }

    /// Where a 303 leads.
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

/// A query's parameter.
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
