//! Which headers of an API's answer reach the browser: those on a list, and those
//! that the API's settings name beside it.
//!
//! A browser applies many headers to the origin that an answer comes from, which
//! is the application's here and not the API's. Browsers learn new ones every
//! year, so a list of what is held back would never be complete.

use super::headers::{is_hop_by_hop, keep, tokens};
use http::{
    HeaderMap, HeaderName, HeaderValue, Method,
    header::{CACHE_CONTROL, CONNECTION, CONTENT_LENGTH, LOCATION, TRANSFER_ENCODING, VARY},
};
use std::str::FromStr;

/// What the answer is about (RFC 9110, sections 8, 10 and 14; RFC 9111), and what
/// comes next.
const PASSING_NAMES: [&str; 33] = [
    "accept-patch",
    "accept-post",
    "accept-ranges",
    "age",
    "allow",
    "cache-control",
    "content-digest",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-md5",
    "content-range",
    "content-type",
    "date",
    "deprecation",
    "digest",
    "etag",
    "expires",
    "last-modified",
    "link",
    "location",
    "pragma",
    "preference-applied",
    "repr-digest",
    "retry-after",
    "server-timing",
    "sunset",
    "traceresponse",
    "vary",
    "warning",
    "x-correlation-id",
    "x-request-id",
    "x-total",
];

/// Families of headers that pass: limits and the parts of long lists.
const PASSING_PREFIXES: [&str; 5] = [
    "ratelimit",
    "x-page",
    "x-pagination",
    "x-ratelimit-",
    "x-total-",
];

/// Returns the headers that the browser gets. `more` are those that the API's
/// settings name; `location` translates an address to which the API redirects.
pub(crate) fn for_browser(
    headers: HeaderMap,
    method: &Method,
    more: &[ResponseHeader],
    location: impl Fn(&str) -> Option<HeaderValue>,
) -> HeaderMap {
    let hops: Vec<String> = tokens(&headers, CONNECTION).collect();
    // The body sets its own length, except where the response has no body.
    let length = *method == Method::HEAD && !headers.contains_key(TRANSFER_ENCODING);
    let mut kept = keep(headers, |name| {
        let is_listed = PASSING_NAMES.contains(&name)
            || PASSING_PREFIXES.iter().any(|it| name.starts_with(it))
            || more.iter().any(|more| more.0.as_str() == name);
        (is_listed || length && name == CONTENT_LENGTH.as_str())
            && !hops.iter().any(|hop| hop == name)
    });
    if let Some(given) = kept.remove(LOCATION)
        && let Some(ours) = given.to_str().ok().and_then(location)
    {
        kept.insert(LOCATION, ours);
    }
    mark_private(&mut kept);
    kept
}

/// A response header that reaches browsers beside those that always do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResponseHeader(HeaderName);

/// The text names no header that may reach a browser.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadResponseHeader {
    /// It is not a field name (RFC 9110, section 5.1).
    #[error("{0:?} is no header: expected a name such as \"X-Api-Version\"")]
    Name(String),
    /// A browser would apply it to the application.
    #[error(
        "{0:?} is never forwarded: it belongs to one connection, or a browser would apply it to \
         the whole application"
    )]
    Forbidden(String),
}

impl FromStr for ResponseHeader {
    type Err = BadResponseHeader;

    fn from_str(text: &str) -> Result<Self, BadResponseHeader> {
        let name: HeaderName = text
            .parse()
            .map_err(|_| BadResponseHeader::Name(text.to_owned()))?;
        if is_hop_by_hop(name.as_str())
            || applies_to_an_origin(name.as_str())
            || name == CONTENT_LENGTH
        {
            return Err(BadResponseHeader::Forbidden(text.to_owned()));
        }
        Ok(Self(name))
    }
}

/// Returns whether a browser would apply a header to the application's origin
/// or to its whole host.
fn applies_to_an_origin(name: &str) -> bool {
    matches!(
        name,
        "accept-ch"
            | "activate-storage-access"
            | "alt-svc"
            // Would delete the application's own cookies and storage.
            | "clear-site-data"
            | "content-location"
            | "critical-ch"
            | "document-policy"
            | "expect-ct"
            | "integrity-policy"
            | "nel"
            | "origin-agent-cluster"
            | "origin-trial"
            | "permissions-policy"
            | "public-key-pins"
            | "referrer-policy"
            | "refresh"
            | "report-to"
            | "reporting-endpoints"
            | "service-worker-allowed"
            | "sourcemap"
            | "speculation-rules"
            | "supports-loading-mode"
            | "set-cookie"
            | "set-cookie2"
            | "set-login"
            | "strict-transport-security"
            | "timing-allow-origin"
            | "use-as-dictionary"
            // Would make the browser ask for a password in the application's name.
            | "www-authenticate"
            | "x-content-type-options"
            | "x-frame-options"
            | "x-sourcemap"
            // Would repeat what the server sent.
            | "authorization"
    ) || name.starts_with("access-control-")
        || name.starts_with("attribution-reporting-")
        || name.starts_with("content-security-policy")
        || name.starts_with("cross-origin-")
        || name.starts_with("document-policy-")
        || name.starts_with("integrity-policy-")
        || name.starts_with("sec-")
        || name.starts_with("secure-session-")
}

/// Marks the response as one user's. Between API and server the token does that
/// (RFC 9111, section 3.5); between server and browser there is no token.
fn mark_private(headers: &mut HeaderMap) {
    let said: Vec<String> = headers
        .get_all(CACHE_CONTROL)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|directive| directive.trim().to_ascii_lowercase())
        .filter(|directive| {
            !directive.is_empty()
                && !directive.starts_with("public")
                && !directive.starts_with("private")
                && !directive.starts_with("s-maxage")
        })
        .collect();
    if headers.contains_key(CACHE_CONTROL) {
        let private = format!("private, {}", said.join(", "));
        match HeaderValue::try_from(private.trim_end_matches([',', ' '])) {
            Ok(private) => headers.insert(CACHE_CONTROL, private),
            Err(_) => headers.remove(CACHE_CONTROL),
        };
    }
    // The next user of this browser has another session. And what a script got
    // with the CSRF header, a navigation without it must not find in the cache.
    headers.append(VARY, HeaderValue::from_static("cookie, x-csrf"));
}

#[cfg(test)]
mod tests {
    use super::super::headers::tests::{map, names};
    use super::*;

    fn back(lines: &str) -> HeaderMap {
        for_browser(map(lines), &Method::GET, &[], |_| None)
    }

    #[test]
    fn what_connection_names_ends_here() {
        let sent =
            map("connection: close, ETag | connection: x-more | etag: 1 | x-more: 2 | age: 3");
        let more = ["x-more".parse().unwrap()];
        assert_eq!(
            names(&for_browser(sent, &Method::GET, &more, |_| None)),
            ["age", "vary"]
        );
    }

    /// Headers that no API may send to a browser.
    const FORBIDDEN: [&str; 47] = [
        "set-cookie",
        "clear-site-data",
        "strict-transport-security",
        "www-authenticate",
        "proxy-authenticate",
        "access-control-allow-origin",
        "access-control-allow-credentials",
        "content-security-policy",
        "content-security-policy-report-only",
        "cross-origin-opener-policy",
        "cross-origin-resource-policy",
        "alt-svc",
        "refresh",
        "service-worker-allowed",
        "nel",
        "report-to",
        "permissions-policy",
        "authorization",
        "transfer-encoding",
        "connection",
        "keep-alive",
        "trailer",
        "content-length",
        "Sec-Session-Registration",
        "Secure-Session-Registration",
        "Attribution-Reporting-Register-Source",
        "Accept-CH",
        "Critical-CH",
        "Document-Policy",
        "Document-Policy-Report-Only",
        "Integrity-Policy",
        "Origin-Trial",
        "Speculation-Rules",
        "Supports-Loading-Mode",
        "Use-As-Dictionary",
        "Activate-Storage-Access",
        "SourceMap",
        "X-SourceMap",
        "Content-Location",
        "X-Content-Type-Options",
        "X-Frame-Options",
        "Set-Login",
        "Origin-Agent-Cluster",
        "Reporting-Endpoints",
        "Timing-Allow-Origin",
        "Referrer-Policy",
        "Expect-CT",
    ];

    #[test]
    fn an_api_sets_no_cookie_and_speaks_for_no_origin_of_ours() {
        for name in FORBIDDEN {
            let given = format!("{name}: a | {name}: b | content-type: c");
            assert_eq!(names(&back(&given)), ["content-type", "vary"], "{name}");
            assert!(name.parse::<ResponseHeader>().is_err(), "{name}");
        }
    }

    #[test]
    fn what_no_list_names_reaches_no_browser_unless_the_settings_name_it() {
        let given = map("server: x | x-powered-by: y | x-of-tomorrow: 1 | etag: 2");
        assert_eq!(
            names(&back("server: x | x-powered-by: y | x-of-tomorrow: 1")),
            ["vary"]
        );
        let more = ["X-Of-Tomorrow".parse().unwrap()];
        let kept = for_browser(given, &Method::GET, &more, |_| None);
        assert_eq!(names(&kept), ["etag", "vary", "x-of-tomorrow"]);
    }

    #[test]
    fn nothing_that_always_passes_is_forbidden() {
        for name in PASSING_NAMES {
            assert!(name.parse::<ResponseHeader>().is_ok(), "{name}");
        }
    }

    #[test]
    fn what_an_answer_is_about_comes_back() {
        let given = "content-type: a/b | content-encoding: br | etag: \"1\" | link: </x> | link: </y> \
                     | retry-after: 3 | server-timing: db;dur=1 | x-total: 7";
        let mut kept = back(given);
        assert_eq!(kept.remove(VARY).unwrap(), "cookie, x-csrf");
        assert_eq!(kept, map(given));
    }

    #[test]
    fn a_length_without_a_body_is_told_for_head_only() {
        let given = map("content-length: 7");
        let head = for_browser(given.clone(), &Method::HEAD, &[], |_| None);
        assert_eq!(head[CONTENT_LENGTH], "7");
        assert!(!for_browser(given, &Method::GET, &[], |_| None).contains_key(CONTENT_LENGTH));
        let both = map("content-length: 7 | transfer-encoding: chunked");
        assert!(!for_browser(both, &Method::HEAD, &[], |_| None).contains_key(CONTENT_LENGTH));
    }

    #[test]
    fn no_shared_cache_keeps_one_persons_answer_for_another() {
        for (said, passed) in [
            ("max-age=60", "private, max-age=60"),
            ("public, max-age=60, s-maxage=600", "private, max-age=60"),
            ("Private, No-Cache", "private, no-cache"),
            ("no-store", "private, no-store"),
            ("public", "private"),
            (",", "private"),
        ] {
            let kept = back(&format!("cache-control: {said} | vary: accept"));
            assert_eq!(kept[CACHE_CONTROL], passed);
            let vary: Vec<_> = kept.get_all(VARY).iter().collect();
            assert_eq!(vary, ["accept", "cookie, x-csrf"]);
        }
        // The server adds no-store where the API says nothing.
        assert!(!back("etag: 1").contains_key(CACHE_CONTROL));
    }
}
