//! The methods and paths of an API that are forwarded (RFC 10017, section
//! 6.1.3.6).

use super::target::is_plain;
use http::Method;
use std::{fmt, str::FromStr};

/// The methods that a route can name. CONNECT and TRACE are for proxies.
const METHODS: [Method; 7] = [
    Method::GET,
    Method::HEAD,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
    Method::OPTIONS,
];

/// One forwarded route: a method, or all of them, and a path pattern.
///
/// Written as `GET /orders/{id}`: a segment in braces matches one segment that
/// is not empty, `/*` at the end matches any rest, and `*` instead of the
/// method matches every method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    text: String,
    method: Option<Method>,
    segments: Vec<Segment>,
    rest: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Segment {
    Exact(String),
    Any,
}

/// The text is not a route.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadRoute {
    /// It is not a method and a path.
    #[error("{0:?} is no route: expected a method and a path, as in \"GET /orders/{{id}}\"")]
    Shape(String),
    /// It is no method.
    #[error(
        "{0:?} is no method: expected * or one of GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"
    )]
    Method(String),
    /// It is no path pattern.
    #[error(
        "{0:?} is no pattern of paths: expected plain segments, a whole segment in braces for any \
         one, and /* at the end for any rest"
    )]
    Pattern(String),
}

impl FromStr for Route {
    type Err = BadRoute;

    fn from_str(text: &str) -> Result<Self, BadRoute> {
        let (method, pattern) = text
            .split_once(' ')
            .filter(|(_, pattern)| pattern.starts_with('/'))
            .ok_or_else(|| BadRoute::Shape(text.to_owned()))?;
        let known = METHODS.iter().find(|known| known.as_str() == method);
        if known.is_none() && method != "*" {
            return Err(BadRoute::Method(method.to_owned()));
        }
        let bad = || BadRoute::Pattern(pattern.to_owned());
        let (fixed, rest) = match pattern.strip_suffix("/*") {
            Some(fixed) => (fixed, true),
            None => (pattern, false),
        };
        let segments = fixed.split('/').skip(1).map(Segment::parse);
        let segments: Vec<_> = segments.collect::<Option<_>>().ok_or_else(bad)?;
        // Only a slash at the end makes an empty segment.
        let last = segments.len().saturating_sub(usize::from(!rest));
        let empty = Segment::Exact(String::new());
        if segments.iter().take(last).any(|segment| *segment == empty) {
            return Err(bad());
        }
        Ok(Self {
            text: text.to_owned(),
            method: known.cloned(),
            segments,
            rest,
        })
    }
}

impl fmt::Display for Route {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl Segment {
    fn parse(text: &str) -> Option<Self> {
        match text.strip_prefix('{').and_then(|t| t.strip_suffix('}')) {
            Some(name) => {
                let named = !name.is_empty()
                    && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
                named.then_some(Self::Any)
            }
            // A star elsewhere would look like a pattern and match literally.
            None => (is_plain(text) && !text.contains('*')).then(|| Self::Exact(text.to_owned())),
        }
    }

    fn takes(&self, segment: &str) -> bool {
        match self {
            Self::Exact(exact) => exact == segment,
            Self::Any => !segment.is_empty(),
        }
    }
}

impl Route {
    /// Returns whether a request with this method and path is forwarded. The path
    /// comes from the request target.
    pub fn opens(&self, method: &Method, path: &str) -> bool {
        let method = match &self.method {
            Some(own) => own == method,
            None => METHODS.contains(method),
        };
        method && self.takes(path)
    }

    fn takes(&self, path: &str) -> bool {
        let mut given = path.split('/').skip(1);
        let fixed = self
            .segments
            .iter()
            .all(|segment| given.next().is_some_and(|given| segment.takes(given)));
        fixed && given.next().is_some() == self.rest
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn route(text: &str) -> Route {
        text.parse().unwrap()
    }

    fn opens(text: &str, method: Method, path: &str) -> bool {
        route(text).opens(&method, path)
    }

    #[test]
    fn a_route_opens_what_it_names_and_nothing_beside_it() {
        let get = || Method::GET;
        for (text, path, open) in [
            ("GET /echo", "/echo", true),
            ("GET /echo", "/echo/", false),
            ("GET /echo", "/Echo", false),
            ("GET /echo", "/echo2", false),
            ("GET /echo", "/echo/more", false),
            ("GET /echo", "/", false),
            ("GET /", "/", true),
            ("GET /", "/echo", false),
            ("GET /a/", "/a/", true),
            ("GET /a/", "/a", false),
            ("GET /orders/{id}", "/orders/7", true),
            ("GET /orders/{id}", "/orders/", false),
            ("GET /orders/{id}", "/orders", false),
            ("GET /orders/{id}", "/orders/7/lines", false),
            ("GET /orders/{id}/lines", "/orders/7/lines", true),
            ("GET /orders/{id}/lines", "/orders//lines", false),
            ("GET /files/*", "/files/a", true),
            ("GET /files/*", "/files/a/b/c", true),
            ("GET /files/*", "/files/", true),
            ("GET /files/*", "/files", false),
            ("GET /files/*", "/filesystem", false),
            ("GET /*", "/", true),
            ("GET /*", "/anything/at/all", true),
        ] {
            assert_eq!(opens(text, get(), path), open, "{text} {path}");
        }
    }

    #[test]
    fn a_method_that_is_not_named_is_not_open() {
        assert!(!opens("GET /echo", Method::POST, "/echo"));
        assert!(!opens("GET /echo", Method::HEAD, "/echo"));
        for method in METHODS {
            assert!(opens("* /echo", method, "/echo"));
        }
        let odd = Method::from_bytes(b"PROPFIND").unwrap();
        for method in [Method::CONNECT, Method::TRACE, odd] {
            assert!(!opens("* /echo", method.clone(), "/echo"), "{method}");
        }
    }

    #[test]
    fn what_is_no_route_is_told_by_what_is_wrong_with_it() {
        use BadRoute::{Method, Pattern, Shape};
        for text in [
            "",
            "GET",
            "/echo",
            "GET echo",
            "GET  /echo",
            "GET\t/echo",
            "GET http://x/",
        ] {
            assert_eq!(text.parse::<Route>(), Err(Shape(text.into())), "{text}");
        }
        for method in ["get", "TRACE", "CONNECT", "ANY", "GET,POST"] {
            let text = format!("{method} /echo");
            assert_eq!(text.parse::<Route>(), Err(Method(method.into())));
        }
        for pattern in [
            "//", "//a", "/a//b", "/a//*", "/..", "/a/../b", "/a b", "/a?b", "/a#b", "/a\\b",
            "/%2e", "/*/a", "/a*", "/**", "/{}", "/{a b}", "/{a", "/a}", "/x{a}", "/{a}x", "/é",
        ] {
            let text = format!("GET {pattern}");
            assert_eq!(text.parse::<Route>(), Err(Pattern(pattern.into())));
        }
    }
}
