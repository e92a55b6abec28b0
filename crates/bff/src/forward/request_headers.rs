//! Which headers of a request reach an API: those on a list, and those that
//! the API's settings name beside it.
//!
//! APIs believe many headers that only a proxy in front of them may set: who
//! the user is, where the request comes from, which method it really has. A
//! list of such names is never complete, and this server stands where such a
//! proxy would (RFC 9700, section 4.13). So the list names what passes.

use super::headers::{is_hop_by_hop, keep, tokens};
use http::{HeaderMap, HeaderName, header::CONNECTION};
use std::str::FromStr;

/// What the request is about (RFC 9110, sections 8, 10, 12-14), how often it
/// may be carried out, and how it is traced.
const PASSING_NAMES: [&str; 22] = [
    "accept",
    "baggage",
    "cache-control",
    "content-digest",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-md5",
    "content-range",
    "content-type",
    "digest",
    "idempotency-key",
    "if",
    "last-event-id",
    "pragma",
    "prefer",
    "range",
    "repr-digest",
    "traceparent",
    "tracestate",
    "user-agent",
    "x-request-id",
];

/// Families of headers that pass: content negotiation (RFC 9110, section 12.5)
/// and conditions (section 13.1).
const PASSING_PREFIXES: [&str; 2] = ["accept-", "if-"];

/// The headers of a request that go on to an API, before the token is
/// attached. `more` are those that the API's settings name.
pub(crate) fn for_api(headers: HeaderMap, more: &[RequestHeader]) -> HeaderMap {
    let hops: Vec<String> = tokens(&headers, CONNECTION).collect();
    keep(headers, |name| {
        let is_listed = PASSING_NAMES.contains(&name)
            || PASSING_PREFIXES.iter().any(|it| name.starts_with(it))
            || more.iter().any(|more| more.0.as_str() == name);
        is_listed && !name.contains('_') && !hops.iter().any(|hop| hop == name)
    })
}

/// A header that goes on to an API beside those that always do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RequestHeader(HeaderName);

/// The text names no header that may go on to an API.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadRequestHeader {
    /// It is not a field name (RFC 9110, section 5.1).
    #[error("{0:?} is no header: expected a name such as \"X-Api-Version\"")]
    Name(String),
    /// It has an underscore.
    #[error(
        "{0:?} has an underscore: some servers take it for a hyphen, and the header for another \
         one, so no such header is forwarded"
    )]
    Underscore(String),
    /// It is for this server alone, or for a proxy to say.
    #[error("{0:?} is never forwarded: {1}")]
    Forbidden(String, &'static str),
}

impl FromStr for RequestHeader {
    type Err = BadRequestHeader;

    fn from_str(text: &str) -> Result<Self, BadRequestHeader> {
        let name: HeaderName = text
            .parse()
            .map_err(|_| BadRequestHeader::Name(text.to_owned()))?;
        if text.contains('_') {
            return Err(BadRequestHeader::Underscore(text.to_owned()));
        }
        match forbidden(name.as_str()) {
            Some(why) => Err(BadRequestHeader::Forbidden(text.to_owned(), why)),
            None => Ok(Self(name)),
        }
    }
}

/// Why no API may get this header of a browser's, whatever its settings say.
fn forbidden(name: &str) -> Option<&'static str> {
    if is_hop_by_hop(name) || matches!(name, "content-length" | "host" | "max-forwards") {
        return Some("it belongs to one connection, and is set anew for the next");
    }
    if matches!(
        name,
        "authorization" | "cookie" | "cookie2" | "dpop" | "x-csrf"
    ) {
        return Some("it is for this server; the token says who the user is");
    }
    if matches!(name, "origin" | "referer")
        || name.starts_with("sec-")
        || name.starts_with("access-control-")
    {
        return Some("it is between the browser and this server");
    }
    if PROXY_NAMES.contains(&name) || PROXY_PREFIXES.iter().any(|it| name.starts_with(it)) {
        return Some(
            "APIs believe it of a proxy in front of them, and a browser may send anything",
        );
    }
    if OVERRIDE_NAMES.contains(&name) {
        return Some("it can replace the method or path that a route was opened for");
    }
    None
}

/// What only a proxy may say (RFC 9700, section 4.13): where the request
/// comes from, and as whom.
const PROXY_NAMES: [&str; 20] = [
    "cdn-loop",
    "client-ip",
    "early-data",
    "fastly-client-ip",
    "fly-client-ip",
    "forwarded",
    // Becomes the variable HTTP_PROXY in CGI (CVE-2016-5385).
    "proxy",
    "remote-user",
    "true-client-ip",
    "via",
    "x-azure-clientip",
    "x-azure-socketip",
    "x-client-ip",
    "x-cluster-client-ip",
    "x-host",
    "x-original-forwarded-for",
    "x-original-host",
    "x-real-ip",
    "x-scope-orgid",
    "x-webauth-user",
];

const PROXY_PREFIXES: [&str; 19] = [
    "cf-",
    "client-cert",
    "remote-",
    "ssl-client-",
    "x-amzn-mtls-",
    "x-amzn-oidc-",
    "x-appengine-",
    "x-auth-request-",
    "x-authenticated-",
    "x-client-cert",
    "x-envoy-",
    "x-forwarded",
    "x-goog-authenticated-user-",
    "x-goog-iap-",
    "x-ms-client-principal",
    "x-ms-token-",
    "x-remote-",
    "x-ssl-",
    "x-webauth-",
];

/// What some frameworks believe before the request line.
const OVERRIDE_NAMES: [&str; 7] = [
    "x-http-method",
    "x-http-method-override",
    "x-method-override",
    "x-original-method",
    "x-original-uri",
    "x-original-url",
    "x-rewrite-url",
];

#[cfg(test)]
mod tests {
    use super::super::headers::tests::{map, names};
    use super::*;

    /// Headers that no API may get from a browser, by the reason.
    const FORBIDDEN: [(&str, &[&str]); 5] = [
        (
            "one connection",
            &[
                "connection",
                "content-length",
                "expect",
                "host",
                "http2-settings",
                "keep-alive",
                "max-forwards",
                "proxy-authorization",
                "proxy-connection",
                "te",
                "trailer",
                "transfer-encoding",
                "upgrade",
            ],
        ),
        (
            "who the user is",
            &["authorization", "cookie", "cookie2", "dpop", "x-csrf"],
        ),
        (
            "between the browser",
            &[
                "access-control-request-method",
                "origin",
                "referer",
                "sec-ch-ua",
                "sec-fetch-mode",
                "sec-fetch-site",
            ],
        ),
        (
            "of a proxy",
            &[
                "Client-Cert",
                "Client-Cert-Chain",
                "Early-Data",
                "Forwarded",
                "Proxy",
                "Remote-User",
                "SSL-Client-S-DN",
                "True-Client-IP",
                "Via",
                "X-Amzn-Oidc-Identity",
                "X-Auth-Request-Email",
                "X-Azure-ClientIP",
                "X-Envoy-Original-Path",
                "X-Forwarded-For",
                "X-Forwarded-Host",
                "X-Forwarded-Prefix",
                "X-Goog-Authenticated-User-Email",
                "X-MS-Client-Principal-Id",
                "X-Real-IP",
                "X-Remote-User",
                "X-Scope-OrgID",
            ],
        ),
        (
            "method or path",
            &[
                "X-HTTP-Method",
                "X-HTTP-Method-Override",
                "X-Method-Override",
                "X-Original-Url",
                "X-Rewrite-Url",
            ],
        ),
    ];

    /// Names that CGI, WSGI, Rack and PHP read as those with hyphens.
    const UNDERSCORED: [&str; 6] = [
        "X_HTTP_Method_Override",
        "X_Original_Url",
        "X_Forwarded_For",
        "X_Forwarded-For",
        "accept_language",
        "accept-x_y",
    ];

    fn parsed(name: &str) -> Result<RequestHeader, BadRequestHeader> {
        name.parse()
    }

    #[test]
    fn what_a_request_is_about_goes_on() {
        let lines = "accept: text/plain | accept-language: de | content-type: text/csv \
                     | content-encoding: gzip | user-agent: x | if-none-match: \"1\" | range: bytes=0-1 \
                     | idempotency-key: 7 | x-request-id: 9 | accept: text/html \
                     | content-range: bytes 0-1/2 | if-match: * | prefer: return=minimal \
                     | traceparent: 00-1-2-01 | tracestate: a=b | baggage: c=d \
                     | cache-control: no-cache | last-event-id: 3";
        assert_eq!(for_api(map(lines), &[]), map(lines));
    }

    #[test]
    fn what_is_ours_or_a_proxys_to_say_reaches_no_api() {
        let forbidden = FORBIDDEN.iter().flat_map(|(_, names)| *names);
        for name in forbidden.chain(&UNDERSCORED) {
            let sent = map(&format!("{name}: a | {name}: b | accept: c"));
            assert_eq!(names(&for_api(sent, &[])), ["accept"], "{name}");
        }
    }

    #[test]
    fn what_no_list_names_reaches_no_api() {
        let sent = map("x-of-tomorrow: 1 | x-api-version: 2 | accept: c | acceptable: d | iffy: e");
        assert_eq!(names(&for_api(sent, &[])), ["accept"]);
    }

    #[test]
    fn an_api_gets_what_its_settings_name_and_no_other_api_does() {
        let more = [parsed("X-Api-Version").unwrap()];
        let sent = map("x-api-version: 2 | x-api-version: 3 | x-of-tomorrow: 1");
        let kept = for_api(sent.clone(), &more);
        assert_eq!(kept, map("x-api-version: 2 | x-api-version: 3"));
        assert_eq!(names(&for_api(sent, &[])), [""; 0]);
    }

    #[test]
    fn what_connection_names_ends_here() {
        let more = [parsed("x-more").unwrap(), parsed("x-end").unwrap()];
        let sent = map(
            "connection: close, Accept-Language | connection: x-more | accept-language: 1 \
             | x-more: 2 | x-end: 3",
        );
        assert_eq!(names(&for_api(sent, &more)), ["x-end"]);
    }

    #[test]
    fn settings_cannot_name_what_is_never_forwarded() {
        for (reason, names) in FORBIDDEN {
            for name in names {
                let refused = parsed(name).unwrap_err().to_string();
                assert!(refused.contains(reason), "{refused}");
                assert!(refused.contains(name), "{refused}");
            }
        }
        for name in UNDERSCORED {
            let refused = parsed(name).unwrap_err();
            assert_eq!(refused, BadRequestHeader::Underscore(name.into()));
        }
        for name in ["", "x y", "x:", "\u{fc}", "x\r\ny"] {
            let refused = parsed(name).unwrap_err();
            assert_eq!(refused, BadRequestHeader::Name(name.into()));
        }
    }

    #[test]
    fn nothing_that_always_passes_is_forbidden() {
        for name in PASSING_NAMES {
            assert!(parsed(name).is_ok(), "{name}");
        }
    }
}
