//! Which response headers reach the browser. Headers that describe the API's
//! own origin do not.

use http::{
    HeaderMap, HeaderName, HeaderValue, Method,
    header::{
        CACHE_CONTROL, CONNECTION, CONTENT_LENGTH, LOCATION, TRANSFER_ENCODING, UPGRADE, VARY,
    },
};

/// Returns whether the request asks for a WebSocket (RFC 6455, section 4.1).
/// Other upgrade offers may be ignored (RFC 9110, section 7.8).
pub(crate) fn wants_websocket(headers: &HeaderMap) -> bool {
    headers.contains_key("sec-websocket-key") || tokens(headers, UPGRADE).any(|t| t == "websocket")
}

/// Returns the headers that the browser gets. `location` translates an address
/// to which the API redirects.
pub(crate) fn for_browser(
    headers: HeaderMap,
    method: &Method,
    location: impl Fn(&str) -> Option<HeaderValue>,
) -> HeaderMap {
    let hops: Vec<String> = tokens(&headers, CONNECTION).collect();
    // The body sets its own length, except where the response has no body.
    let length = *method == Method::HEAD && !headers.contains_key(TRANSFER_ENCODING);
    let mut kept = keep(headers, |name| {
        !is_hop_by_hop(name)
            && !applies_to_an_origin(name)
            && (length || name != CONTENT_LENGTH.as_str())
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

/// Returns whether a header belongs to one connection (RFC 9110, section
/// 7.6.1). Framing is one of these and is set anew for each connection: two
/// programs that disagree about it allow request smuggling.
pub(super) fn is_hop_by_hop(name: &str) -> bool {
    matches!(
        name,
        "connection"
            | "expect"
            | "http2-settings"
            | "keep-alive"
            | "te"
            | "trailer"
            | "transfer-encoding"
            | "upgrade"
    ) || name.starts_with("proxy-")
}

/// Returns whether a browser would apply a header to the application's origin
/// or to its whole host.
fn applies_to_an_origin(name: &str) -> bool {
    matches!(
        name,
        "alt-svc"
            // Would delete the application's own cookies and storage.
            | "clear-site-data"
            | "expect-ct"
            | "nel"
            | "origin-agent-cluster"
            | "permissions-policy"
            | "public-key-pins"
            | "referrer-policy"
            | "refresh"
            | "report-to"
            | "reporting-endpoints"
            | "service-worker-allowed"
            | "set-cookie"
            | "set-cookie2"
            | "set-login"
            | "strict-transport-security"
            | "timing-allow-origin"
            // Would make the browser ask for a password in the application's name.
            | "www-authenticate"
            | "x-frame-options"
            // Would repeat what the server sent.
            | "authorization"
    ) || name.starts_with("access-control-")
        || name.starts_with("content-security-policy")
        || name.starts_with("cross-origin-")
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
    // The next user of this browser has another session.
    headers.append(VARY, HeaderValue::from_static("cookie"));
}

/// Returns the comma-separated tokens of a header, in lower case.
pub(super) fn tokens(headers: &HeaderMap, name: HeaderName) -> impl Iterator<Item = String> {
    headers
        .get_all(name)
        .into_iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|token| token.trim().to_ascii_lowercase())
}

/// Room for headers that are added later: the token, or security headers.
const ROOM: usize = 16;

pub(super) fn keep(headers: HeaderMap, passes: impl Fn(&str) -> bool) -> HeaderMap {
    let mut kept = HeaderMap::with_capacity(headers.len() + ROOM);
    let mut current = None;
    for (name, value) in headers {
        // The iterator gives the name with the first value only.
        if let Some(name) = name {
            current = passes(name.as_str()).then_some(name);
        }
        if let Some(name) = &current {
            kept.append(name.clone(), value);
        }
    }
    kept
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(in crate::forward) fn map(lines: &str) -> HeaderMap {
        lines
            .split('|')
            .filter_map(|line| line.trim().split_once(": "))
            .map(|(name, value)| {
                let name: HeaderName = name.parse().unwrap();
                (name, value.parse::<HeaderValue>().unwrap())
            })
            .collect()
    }

    pub(in crate::forward) fn names(headers: &HeaderMap) -> Vec<&str> {
        let mut names: Vec<_> = headers.keys().map(HeaderName::as_str).collect();
        names.sort_unstable();
        names
    }

    fn back(lines: &str) -> HeaderMap {
        for_browser(map(lines), &Method::GET, |_| None)
    }

    #[test]
    fn what_connection_names_ends_here() {
        let sent =
            map("connection: close, X-Hop | connection: x-more | x-hop: 1 | x-more: 2 | x-end: 3");
        assert_eq!(
            names(&for_browser(sent, &Method::GET, |_| None)),
            ["vary", "x-end"]
        );
    }

    #[test]
    fn an_api_sets_no_cookie_and_speaks_for_no_origin_of_ours() {
        for name in [
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
        ] {
            let given = format!("{name}: a | {name}: b | content-type: c");
            assert_eq!(names(&back(&given)), ["content-type", "vary"], "{name}");
        }
    }

    #[test]
    fn what_an_answer_is_about_comes_back() {
        let given = "content-type: a/b | content-encoding: br | etag: \"1\" | link: </x> | link: </y> \
                     | retry-after: 3 | server-timing: db;dur=1 | x-total: 7";
        let mut kept = back(given);
        assert_eq!(kept.remove(VARY).unwrap(), "cookie");
        assert_eq!(kept, map(given));
    }

    #[test]
    fn a_length_without_a_body_is_told_for_head_only() {
        let given = map("content-length: 7");
        let head = for_browser(given.clone(), &Method::HEAD, |_| None);
        assert_eq!(head[CONTENT_LENGTH], "7");
        assert!(!for_browser(given, &Method::GET, |_| None).contains_key(CONTENT_LENGTH));
        let both = map("content-length: 7 | transfer-encoding: chunked");
        assert!(!for_browser(both, &Method::HEAD, |_| None).contains_key(CONTENT_LENGTH));
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
            assert_eq!(vary, ["accept", "cookie"]);
        }
        // The server adds no-store where the API says nothing.
        assert!(!back("etag: 1").contains_key(CACHE_CONTROL));
    }

    #[test]
    fn a_websocket_is_told_from_other_upgrades() {
        assert!(wants_websocket(&map(
            "upgrade: WebSocket | connection: upgrade"
        )));
        assert!(wants_websocket(&map("upgrade: h2c, websocket")));
        assert!(wants_websocket(&map("sec-websocket-key: x")));
        assert!(!wants_websocket(&map(
            "upgrade: h2c | connection: upgrade, http2-settings"
        )));
        assert!(!wants_websocket(&HeaderMap::new()));
    }
}
