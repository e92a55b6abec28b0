//! Redirects of an API, translated for the browser.

use http::HeaderValue;
use url::Url;

/// Translates an address below `upstream` to one below `prefix`. Returns `None`
/// for every other address: the browser must not leave the application.
pub(super) fn relocated(
    upstream: &Url,
    requested: &Url,
    prefix: &str,
    given: &str,
) -> Option<HeaderValue> {
    let url = requested.join(given).ok()?;
    let base = upstream.path().trim_end_matches('/');
    let below = url.path().strip_prefix(base)?;
    if url.origin() != upstream.origin() || !below.starts_with('/') {
        return None;
    }
    let mut translated = format!("{prefix}{below}");
    for (mark, part) in [('?', url.query()), ('#', url.fragment())] {
        if let Some(part) = part {
            translated.push(mark);
            translated.push_str(part);
        }
    }
    HeaderValue::try_from(translated).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_the_api_becomes_ours_and_any_other_is_dropped() {
        let upstream: Url = "https://api.example/v1/".parse().unwrap();
        let requested: Url = "https://api.example/v1/orders/7?a=b".parse().unwrap();
        let ours = |given: &str| {
            relocated(&upstream, &requested, "/api/shop", given)
                .map(|value| value.to_str().unwrap().to_owned())
        };
        for (given, expected) in [
            ("/v1/orders/8?x=y#z", "/api/shop/orders/8?x=y#z"),
            ("https://api.example/v1/orders/8", "/api/shop/orders/8"),
            ("https://api.example:443/v1/", "/api/shop/"),
            ("8", "/api/shop/orders/8"),
            ("?page=2", "/api/shop/orders/7?page=2"),
            ("/v1//evil.example", "/api/shop//evil.example"),
        ] {
            assert_eq!(ours(given).as_deref(), Some(expected), "{given}");
        }
        for given in [
            "https://evil.example/v1/orders/8",
            "//evil.example/v1/",
            "http://api.example/v1/",
            "https://api.example:8443/v1/",
            "/v2/orders",
            "/v1",
            "/v10/orders",
            "/v1/../admin",
            "../../admin",
            "/\\evil.example",
            "javascript:alert(1)",
            "https://",
            "http://[",
        ] {
            assert_eq!(ours(given), None, "{given}");
        }
    }
}
