//! A response, and what a browser or a client reads from it.

use std::collections::BTreeMap;

use axum::http::{HeaderMap, StatusCode, header, response::Parts};
use serde_json::Value;
use url::Url;

/// A response with its whole body.
#[derive(Debug)]
pub(crate) struct TestResponse {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

/// A form on a page: its action and hidden fields.
pub(crate) struct Form {
    pub(crate) action: String,
    pub(crate) fields: Vec<(String, String)>,
}

impl TestResponse {
    pub(crate) fn new(parts: Parts, body: &[u8]) -> Self {
        Self {
            status: parts.status,
            headers: parts.headers,
            text: String::from_utf8(body.to_vec()).unwrap(),
        }
    }

    pub(crate) fn header(&self, name: impl header::AsHeaderName) -> &str {
        self.headers.get(name).map_or("", |v| v.to_str().unwrap())
    }

    #[track_caller]
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text)
            .unwrap_or_else(|_| panic!("{} is not JSON: {}", self.status, self.text))
    }

    /// Expects a 303 redirect and returns its location.
    #[track_caller]
    pub(crate) fn location(&self) -> &str {
        assert_eq!(self.status, StatusCode::SEE_OTHER, "{}", self.text);
        self.header(header::LOCATION)
    }

    /// Expects a redirect to `redirect_uri` and returns its parameters.
    #[track_caller]
    pub(crate) fn redirect_parameters(&self, redirect_uri: &str) -> BTreeMap<String, String> {
        let location = Url::parse(self.location()).unwrap();
        let query: Vec<(String, String)> = location.query_pairs().into_owned().collect();
        let mut bare = location;
        bare.set_query(None);
        assert_eq!(bare.as_str(), redirect_uri);
        let count = query.len();
        let map: BTreeMap<_, _> = query.into_iter().collect();
        assert_eq!(map.len(), count, "a parameter is repeated");
        map
    }

    /// Asserts an OAuth error (RFC 6749 section 5.2).
    #[track_caller]
    pub(crate) fn assert_error(&self, status: u16, code: &str) {
        assert_eq!(self.json()["error"], code, "{}", self.text);
        assert_eq!(self.status.as_u16(), status);
        assert_eq!(self.header(header::CACHE_CONTROL), "no-store");
    }

    /// Returns the heading of a page.
    #[track_caller]
    pub(crate) fn heading(&self) -> String {
        let (_, rest) = self.text.split_once("<h1>").expect("a heading");
        unescape(rest.split_once("</h1>").unwrap().0)
    }

    /// Returns the form on a page, which must have one only.
    #[track_caller]
    pub(crate) fn form(&self) -> Form {
        let (_, rest) = self.text.split_once("<form ").expect("a form");
        let (form, after) = rest.split_once("</form>").unwrap();
        assert!(!after.contains("<form"), "more than one form");
        let inputs = form.split('<').filter(|tag| {
            tag.starts_with("input ") && attribute(tag, "type").as_deref() == Some("hidden")
        });
        let field = |tag| {
            let name = attribute(tag, "name").expect("a name");
            (name, attribute(tag, "value").unwrap_or_default())
        };
        Form {
            action: attribute(form, "action").expect("an action"),
            fields: inputs.map(field).collect(),
        }
    }
}

impl Form {
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.fields.retain(|(own, _)| own != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\"")).or_else(|| {
        tag.strip_prefix(&format!("{name}=\""))
            .map(|rest| ("", rest))
    })?;
    Some(unescape(rest.split_once('"')?.0))
}

fn unescape(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
}
