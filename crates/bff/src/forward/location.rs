//! Where an answer may point the browser.

use http::HeaderValue;
use url::Url;

/// Where an address that the API points at lies for the browser: under
/// `prefix`, if it lies under `upstream`; nowhere otherwise.
pub(super) fn relocated(
    upstream: &Url,
    asked: &Url,
    prefix: &str,
    given: &str,
) -> Option<HeaderValue> {
    let url = asked.join(given).ok()?;
    let base = upstream.path().trim_end_matches('/');
    let below = url.path().strip_prefix(base)?;
    if url.origin() != upstream.origin() || !below.starts_with('/') {
        return None;
    }
    let mut ours = format!("{prefix}{below}");
    for (mark, part) in [('?', url.query()), ('#', url.fragment())] {
        if let Some(part) = part {
            ours.push(mark);
            ours.push_str(part);
        }
    }
    HeaderValue::try_from(ours).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_the_api_becomes_ours_and_any_other_is_dropped() {
        let upstream: Url = "https://api.example/v1/".parse().unwrap();
        let asked: Url = "https://api.example/v1/orders/7?a=b".parse().unwrap();
        let ours = |given: &str| {
            relocated(&upstream, &asked, "/api/shop", given)
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
