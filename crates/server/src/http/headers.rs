//! What every answer tells the browser, unless the answer says otherwise.

use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};

/// Set where the answer has none. Pages bring a content policy of their own;
/// files a caching policy.
const DEFAULTS: [(HeaderName, HeaderValue); 6] = [
    (
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        ),
    ),
    (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
    (
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    ),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        HeaderValue::from_static("same-origin"),
    ),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
    ),
];

/// Adds them. The state says whether people reach us by https.
pub async fn secure(State(https): State<bool>, request: Request, next: Next) -> Response {
    let is_callback = request
        .uri()
        .path()
        .trim_end_matches('/')
        .ends_with("/callback");
    let mut response = next.run(request).await;
    complete(response.headers_mut(), is_callback, https);
    response
}

fn complete(headers: &mut HeaderMap, is_callback: bool, https: bool) {
    for (name, value) in DEFAULTS {
        headers.entry(name).or_insert(value);
    }
    // The callback page's address holds the authorization code. Not even our
    // own requests may carry it on.
    let referrer = if is_callback {
        "no-referrer"
    } else {
        "same-origin"
    };
    headers
        .entry(header::REFERRER_POLICY)
        .or_insert(HeaderValue::from_static(referrer));
    if https {
        headers
            .entry(header::STRICT_TRANSPORT_SECURITY)
            .or_insert(HeaderValue::from_static("max-age=31536000"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_answers_own_policy_is_kept() {
        let mut headers = HeaderMap::new();
        let own = HeaderValue::from_static("default-src 'self'");
        headers.insert(header::CONTENT_SECURITY_POLICY, own.clone());
        complete(&mut headers, false, false);
        assert_eq!(headers[header::CONTENT_SECURITY_POLICY], own);
        assert_eq!(
            headers
                .get_all(header::CONTENT_SECURITY_POLICY)
                .iter()
                .count(),
            1
        );
    }

    #[test]
    fn https_is_pinned_only_where_people_use_it() {
        for (https, pinned) in [(true, true), (false, false)] {
            let mut headers = HeaderMap::new();
            complete(&mut headers, false, https);
            assert_eq!(
                headers.contains_key(header::STRICT_TRANSPORT_SECURITY),
                pinned
            );
        }
    }

    #[test]
    fn the_address_with_the_code_is_never_a_referrer() {
        let mut headers = HeaderMap::new();
        complete(&mut headers, true, false);
        assert_eq!(headers[header::REFERRER_POLICY], "no-referrer");
    }
}
