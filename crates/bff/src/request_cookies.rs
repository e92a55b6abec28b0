//! The cookies of requests and responses.

use crate::settings::Names;
use http::{HeaderMap, HeaderValue, header::COOKIE};
use std::time::Duration;

/// The cookies of a request, and whether it came from another site.
#[derive(Clone, Default)]
pub(crate) struct RequestCookies {
    pub(crate) session: SentCookie,
    pub(crate) binding: SentCookie,
    pub(crate) cross_site: bool,
    pub(crate) navigation: bool,
}

impl RequestCookies {
    /// Reads them from the headers of a request.
    pub(crate) fn from_headers(headers: &HeaderMap, names: &Names) -> Self {
        Self {
            session: SentCookie::read(headers, &names.session_cookie),
            binding: SentCookie::read(headers, &names.login_cookie),
            cross_site: headers
                .get("sec-fetch-site")
                .is_some_and(|site| site == "cross-site" || site == "same-site"),
            navigation: headers
                .get("sec-fetch-mode")
                .is_some_and(|mode| mode == "navigate"),
        }
    }
}

/// A result, and the cookies to set with it.
#[derive(Clone, Debug)]
pub struct WithCookies<T> {
    /// The result.
    pub body: T,
    /// Values of `Set-Cookie` headers, to be appended.
    pub cookies: Vec<HeaderValue>,
}

/// One of the library's cookies, as a request carried it.
#[derive(Clone, Default)]
pub(crate) enum SentCookie {
    /// The request has none, or an empty one: a program that does not delete
    /// cookies keeps the empty value of [`clear_cookie`].
    #[default]
    Absent,
    /// The cookie was sent more than once, so that an attacker may have planted
    /// one of them, or its value is malformed.
    Invalid,
    /// The value.
    Valid(String),
}

impl SentCookie {
    /// Reads the cookie with this name. Other applications on the same host may
    /// set cookies of any bytes: only the value of this one must be ASCII.
    fn read(headers: &HeaderMap, name: &str) -> Self {
        let mut values = headers
            .get_all(COOKIE)
            .into_iter()
            .flat_map(|header| header.as_bytes().split(|byte| *byte == b';'))
            .filter_map(|pair| {
                let rest = pair.trim_ascii().strip_prefix(name.as_bytes())?;
                rest.strip_prefix(b"=")
            });
        match (values.next(), values.next()) {
            (None, _) | (Some(b""), None) => Self::Absent,
            (Some(value), None) if well_formed(value) => {
                // Well-formed values are ASCII.
                Self::Valid(value.iter().map(|byte| char::from(*byte)).collect())
            }
            _ => Self::Invalid,
        }
    }

    /// Returns the value, if the cookie is valid.
    pub(crate) fn value(&self) -> Option<&str> {
        match self {
            Self::Valid(value) => Some(value),
            Self::Absent | Self::Invalid => None,
        }
    }
}

/// Returns whether a value has the form of the library's: base64url of 256 bits.
fn well_formed(value: &[u8]) -> bool {
    value.len() == 43
        && value
            .iter()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'-' | b'_'))
}

/// Returns a cookie for this host alone, which neither scripts nor other sites
/// can use.
pub(crate) fn set_cookie(name: &str, value: &str, lives: Duration) -> Option<HeaderValue> {
    let age = lives.as_secs();
    HeaderValue::from_str(&format!(
        "{name}={value}; Path=/; Secure; HttpOnly; SameSite=Strict; Max-Age={age}"
    ))
    .ok()
}

/// Returns the header that deletes a cookie.
pub(crate) fn clear_cookie(name: &str) -> Option<HeaderValue> {
    set_cookie(name, "", Duration::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SESSION_COOKIE: &str = "__Host-Http-session";
    const LOGIN_COOKIE: &str = "__Host-Http-login";
    const VALUE: &str = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    fn visit(cookies: impl AsRef<[u8]>) -> RequestCookies {
        let mut headers = HeaderMap::new();
        let cookies = HeaderValue::from_bytes(cookies.as_ref()).unwrap();
        headers.insert(COOKIE, cookies);
        RequestCookies::from_headers(&headers, &Names::default())
    }

    /// Cookies that other applications on the same host or site may set.
    const FOREIGN: [&[u8]; 9] = [
        "x=\u{fc}".as_bytes(),
        b"x=\xfc",
        b"\xfc=x",
        b"x=",
        b"=x",
        b"=",
        b"x",
        b"",
        b"x=\"a, b\"",
    ];

    #[test]
    fn a_session_cookie_is_found_among_others() {
        let found = visit(format!("a=b; {SESSION_COOKIE}={VALUE}; c=d"));
        assert_eq!(found.session.value(), Some(VALUE));
    }

    #[test]
    fn a_foreign_cookie_of_any_bytes_hides_no_cookie_of_ours() {
        for foreign in FOREIGN {
            let own = [
                format!("{SESSION_COOKIE}={VALUE}").into_bytes(),
                format!("{LOGIN_COOKIE}={VALUE}").into_bytes(),
            ];
            for order in [
                [foreign, &own[0], &own[1]],
                [&own[0], foreign, &own[1]],
                [&own[0], &own[1], foreign],
            ] {
                let found = visit(order.join(&b"; "[..]));
                assert_eq!(found.session.value(), Some(VALUE), "{foreign:?}");
                assert_eq!(found.binding.value(), Some(VALUE), "{foreign:?}");
            }
        }
    }

    #[test]
    fn a_cookie_sent_twice_or_of_another_shape_is_not_believed() {
        for cookies in [
            format!("{SESSION_COOKIE}={VALUE}; {SESSION_COOKIE}={VALUE}"),
            format!("{SESSION_COOKIE}={VALUE}; {SESSION_COOKIE}="),
            format!("{SESSION_COOKIE}=short"),
            format!("{SESSION_COOKIE}={VALUE}%"),
            format!("{SESSION_COOKIE}={VALUE}\u{fc}"),
            format!("{SESSION_COOKIE}={}\u{fc}", &VALUE[2..]),
            format!("{SESSION_COOKIE}=\"{VALUE}\""),
        ] {
            let found = visit(&cookies).session;
            assert!(matches!(found, SentCookie::Invalid), "{cookies}");
        }
    }

    #[test]
    fn a_cookie_with_another_name_or_without_a_value_is_absent() {
        for cookies in [
            format!("{SESSION_COOKIE}x={VALUE}"),
            format!("x{SESSION_COOKIE}={VALUE}"),
            format!("={SESSION_COOKIE}={VALUE}"),
            format!("x={SESSION_COOKIE}={VALUE}"),
            format!("{SESSION_COOKIE} ={VALUE}"),
            format!("{}={VALUE}", SESSION_COOKIE.to_lowercase()),
            format!("{SESSION_COOKIE}="),
            SESSION_COOKIE.to_owned(),
            String::new(),
        ] {
            let found = visit(&cookies).session;
            assert!(matches!(found, SentCookie::Absent), "{cookies}");
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
