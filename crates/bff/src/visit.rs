//! What a request brings along, and what an answer sends back beside its body.

use http::{HeaderMap, HeaderValue, header::COOKIE};
use std::time::Duration;

/// The session cookie (RFC 10017, section 6.1.3.2).
pub const SESSION_COOKIE: &str = "__Host-Http-confidant";

/// The cookie that binds a sign-in to the browser that began it.
pub const LOGIN_COOKIE: &str = "__Host-Http-confidant-login";

/// The cookies of a request, and whether it came from another site.
#[derive(Clone, Default)]
pub struct Visit {
    pub(crate) session: Option<String>,
    pub(crate) binding: Option<String>,
    pub(crate) cross_site: bool,
    pub(crate) navigation: bool,
}

impl Visit {
    /// Reads them from the request's headers.
    pub fn from_headers(headers: &HeaderMap) -> Self {
        Self {
            session: cookie(headers, SESSION_COOKIE),
            binding: cookie(headers, LOGIN_COOKIE),
            cross_site: headers
                .get("sec-fetch-site")
                .is_some_and(|site| site == "cross-site" || site == "same-site"),
            navigation: headers
                .get("sec-fetch-mode")
                .is_some_and(|mode| mode == "navigate"),
        }
    }
}

/// A body, and the cookies to set with it.
#[derive(Clone, Debug)]
pub struct Answer<T> {
    /// The body.
    pub body: T,
    /// Values of `Set-Cookie`, to be appended.
    pub cookies: Vec<HeaderValue>,
}

/// The value of a cookie that stands there once. Sent twice, somebody has
/// planted one of them: neither is believed.
fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    let mut values = headers
        .get_all(COOKIE)
        .into_iter()
        .filter_map(|header| header.to_str().ok())
        .flat_map(|header| header.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .filter(|(key, _)| *key == name)
        .map(|(_, value)| value);
    match (values.next(), values.next()) {
        (Some(value), None) if well_formed(value) => Some(value.to_owned()),
        _ => None,
    }
}

/// Whether a value can be one of ours: base64url of 256 bits.
fn well_formed(value: &str) -> bool {
    value.len() == 43
        && value
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
}

/// A cookie for this host alone, out of reach of scripts and of other sites.
pub(crate) fn set_cookie(name: &str, value: &str, lives: Duration) -> Option<HeaderValue> {
    let age = lives.as_secs();
    HeaderValue::from_str(&format!(
        "{name}={value}; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age={age}"
    ))
    .ok()
}

/// The same cookie, taken away.
pub(crate) fn clear_cookie(name: &str) -> Option<HeaderValue> {
    set_cookie(name, "", Duration::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;

    const VALUE: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    fn visit(cookies: &str) -> Visit {
        let mut headers = HeaderMap::new();
        headers.insert(COOKIE, cookies.parse().unwrap());
        Visit::from_headers(&headers)
    }

    #[test]
    fn a_session_cookie_is_found_among_others() {
        let found = visit(&format!("a=b; {SESSION_COOKIE}={VALUE}; c=d"));
        assert_eq!(found.session.as_deref(), Some(VALUE));
    }

    #[test]
    fn a_cookie_sent_twice_or_of_another_shape_is_not_believed() {
        for cookies in [
            format!("{SESSION_COOKIE}={VALUE}; {SESSION_COOKIE}={VALUE}"),
            format!("{SESSION_COOKIE}=short"),
            format!("{SESSION_COOKIE}={VALUE}%"),
            format!("{SESSION_COOKIE}x={VALUE}"),
        ] {
            assert_eq!(visit(&cookies).session, None, "{cookies}");
        }
    }

    #[test]
    fn cookies_carry_every_attribute_that_the_rfc_asks_for() {
        let cookie = set_cookie(SESSION_COOKIE, VALUE, Duration::from_secs(9)).unwrap();
        let text = cookie.to_str().unwrap();
        for part in [
            "Path=/",
            "Secure",
            "HttpOnly",
            "SameSite=Strict",
            "Max-Age=9",
        ] {
            assert!(text.contains(part), "{text}");
        }
        assert!(!text.contains("Domain"));
    }
}
