//! The cookies that a server has set in a browser.

use http::{HeaderMap, header::SET_COOKIE};
use std::collections::BTreeMap;

/// The cookies of one host by name. `Max-Age=0` deletes a cookie; every other
/// attribute is ignored.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CookieJar(BTreeMap<String, String>);

impl CookieJar {
    /// Returns the value of the `Cookie` header, or `None` without a cookie.
    pub fn header(&self) -> Option<String> {
        let pairs: Vec<_> = self.0.iter().map(|(n, v)| format!("{n}={v}")).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    /// Stores and deletes cookies as the `Set-Cookie` headers of a response say.
    pub fn store(&mut self, response: &HeaderMap) {
        for cookie in response.get_all(SET_COOKIE) {
            let text = cookie.to_str().unwrap_or_default();
            let (pair, attributes) = text.split_once(';').unwrap_or((text, ""));
            let Some((name, value)) = pair.split_once('=') else {
                continue;
            };
            if attributes.contains("Max-Age=0") {
                self.0.remove(name);
            } else {
                self.0.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    /// Returns the cookies by name.
    pub fn cookies(&self) -> &BTreeMap<String, String> {
        &self.0
    }
}

impl From<BTreeMap<String, String>> for CookieJar {
    fn from(cookies: BTreeMap<String, String>) -> Self {
        Self(cookies)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn cookies_are_sent_until_a_response_deletes_them() {
        let mut jar = CookieJar::default();
        assert_eq!(jar.header(), None);
        let mut response = HeaderMap::new();
        for cookie in ["a=1; Path=/; HttpOnly", "b=2; Path=/"] {
            response.append(SET_COOKIE, HeaderValue::from_static(cookie));
        }
        jar.store(&response);
        assert_eq!(jar.header().as_deref(), Some("a=1; b=2"));
        let deleted = HeaderValue::from_static("a=; Path=/; Max-Age=0");
        response.insert(SET_COOKIE, deleted);
        jar.store(&response);
        assert_eq!(jar.header().as_deref(), Some("b=2"));
    }
}
