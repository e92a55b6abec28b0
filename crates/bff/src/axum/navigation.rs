//! Navigations, as opposed to requests of scripts and programs.

use axum::http::{HeaderMap, header::ACCEPT};

/// Returns whether a browser shows the answer as a page: the user followed a
/// link, typed an address, or sent a plain form.
///
/// Browsers say so in `Sec-Fetch-Mode`, which scripts cannot set. Without that
/// header the first choice in `Accept` decides: browsers ask for HTML.
pub fn is_navigation(headers: &HeaderMap) -> bool {
    if let Some(mode) = headers.get("sec-fetch-mode") {
        return mode == "navigate";
    }
    headers
        .get(ACCEPT)
        .and_then(|accept| accept.to_str().ok())
        .and_then(|accept| accept.split([',', ';']).next())
        .is_some_and(|first| first.trim().eq_ignore_ascii_case("text/html"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn judged(name: &'static str, value: &'static str) -> bool {
        let mut headers = HeaderMap::new();
        headers.insert(name, HeaderValue::from_static(value));
        is_navigation(&headers)
    }

    #[test]
    fn a_form_is_a_navigation_and_a_fetch_is_not() {
        assert!(judged("sec-fetch-mode", "navigate"));
        assert!(judged(
            "accept",
            "text/html,application/xhtml+xml;q=0.9,*/*;q=0.8"
        ));
        assert!(!judged("sec-fetch-mode", "cors"));
        assert!(!judged("accept", "*/*"));
        assert!(!judged("accept", "application/json, text/html"));
        assert!(!is_navigation(&HeaderMap::new()));
    }

    #[test]
    fn a_fetch_that_asks_for_html_is_still_a_fetch() {
        let mut headers = HeaderMap::new();
        headers.insert("sec-fetch-mode", HeaderValue::from_static("cors"));
        headers.insert(ACCEPT, HeaderValue::from_static("text/html"));
        assert!(!is_navigation(&headers));
    }
}
