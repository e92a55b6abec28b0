use super::*;
use axum::http::HeaderName;

const OWN: &str = "http://localhost:3000";

fn map(headers: &str) -> HeaderMap {
    headers
        .split('|')
        .filter_map(|header| header.split_once(": "))
        .map(|(name, value)| {
            (
                name.trim().parse::<HeaderName>().unwrap(),
                HeaderValue::from_str(value.trim()).unwrap(),
            )
        })
        .collect()
}

fn judged(method: Method, headers: &str) -> Verdict {
    verdict(&method, &map(headers), OWN)
}

#[test]
fn b43_the_application_under_another_address_is_told_from_another_site() {
    use Verdict::{Accept, CrossSite, OtherAddress};
    let form = "sec-fetch-mode: navigate | sec-fetch-site: same-origin";
    for (headers, expected) in [
        (
            "origin: http://127.0.0.1:3000 | host: 127.0.0.1:3000",
            OtherAddress,
        ),
        (
            "origin: https://app2.example | host: app2.example",
            OtherAddress,
        ),
        (
            "origin: http://evil.example | host: localhost:3000",
            CrossSite,
        ),
        (
            "origin: http://127.0.0.1:3001 | host: 127.0.0.1:3000",
            CrossSite,
        ),
        ("origin: http://127.0.0.1:3000", CrossSite),
        (
            "origin: http://localhost:3000 | host: localhost:3000",
            Accept,
        ),
    ] {
        let found = judged(Method::POST, &format!("{form} | {headers}"));
        assert_eq!(found, expected, "{headers}");
    }
    let cross = "sec-fetch-site: cross-site | origin: http://x.example | host: x.example";
    assert_eq!(judged(Method::POST, cross), CrossSite);
    let error = OtherAddress.error(OWN).unwrap();
    assert!(error.problem().message.contains(OWN));
}

#[test]
fn a_post_is_accepted_by_header_or_by_the_browsers_word() {
    use Verdict::{Accept, CrossSite, HeaderMissing};
    let form = "sec-fetch-mode: navigate";
    let table = [
        // Programs: curl.
        ("", HeaderMissing),
        ("x-csrf: 1", Accept),
        ("x-csrf: 0", HeaderMissing),
        ("x-csrf: 11", HeaderMissing),
        ("x-csrf: ", HeaderMissing),
        // Our own scripts.
        (
            "sec-fetch-site: same-origin | sec-fetch-mode: cors | x-csrf: 1",
            Accept,
        ),
        (
            "sec-fetch-site: same-origin | sec-fetch-mode: cors",
            HeaderMissing,
        ),
        // Our own forms.
        (&format!("sec-fetch-site: same-origin | {form}"), Accept),
        (&format!("sec-fetch-site: none | {form}"), Accept),
        (
            &format!("sec-fetch-site: same-origin | {form} | origin: {OWN}"),
            Accept,
        ),
        (
            &format!("sec-fetch-site: same-origin | {form} | origin: null"),
            Accept,
        ),
        // The same from a browser that knows no Sec-Fetch.
        (&format!("origin: {OWN} | accept: text/html"), Accept),
        (&format!("origin: {OWN}"), HeaderMissing),
        ("origin: null | accept: text/html", CrossSite),
        // Other sites, and other ports of our own host.
        (&format!("sec-fetch-site: cross-site | {form}"), CrossSite),
        (&format!("sec-fetch-site: same-site | {form}"), CrossSite),
        ("sec-fetch-site: cross-site | x-csrf: 1", CrossSite),
        ("origin: http://localhost:3001 | x-csrf: 1", CrossSite),
        ("origin: https://localhost:3000 | x-csrf: 1", CrossSite),
        (
            "origin: http://localhost:3000.evil.example | accept: text/html",
            CrossSite,
        ),
        ("sec-fetch-site: nonsense | x-csrf: 1", CrossSite),
        // Headers that contradict each other.
        (
            &format!("sec-fetch-site: same-origin | {form} | origin: http://evil.example"),
            CrossSite,
        ),
        (
            &format!("sec-fetch-site: cross-site | {form} | origin: {OWN}"),
            CrossSite,
        ),
        (
            &format!("sec-fetch-site: same-origin | sec-fetch-site: cross-site | {form}"),
            CrossSite,
        ),
    ];
    for (headers, expected) in table {
        assert_eq!(judged(Method::POST, headers), expected, "{headers}");
    }
}

#[test]
fn every_call_to_an_api_needs_the_header_and_none_from_another_site_is_made() {
    let table = [
        ("", Verdict::HeaderMissing),
        ("x-csrf: 0", Verdict::HeaderMissing),
        ("sec-fetch-site: same-origin", Verdict::HeaderMissing),
        (
            "sec-fetch-site: none | sec-fetch-mode: navigate",
            Verdict::HeaderMissing,
        ),
        ("x-csrf: 1", Verdict::Accept),
        ("x-csrf: 1 | sec-fetch-site: same-origin", Verdict::Accept),
        ("x-csrf: 1 | sec-fetch-site: cross-site", Verdict::CrossSite),
        ("x-csrf: 1 | sec-fetch-site: same-site", Verdict::CrossSite),
        (
            "x-csrf: 1 | origin: http://evil.example",
            Verdict::CrossSite,
        ),
    ];
    for (headers, expected) in table {
        assert_eq!(verdict_of_call(&map(headers), OWN), expected, "{headers}");
    }
}

#[test]
fn reading_needs_no_header_but_is_refused_to_other_sites() {
    let table = [
        ("", Verdict::Accept),
        (
            "sec-fetch-site: same-origin | sec-fetch-mode: cors",
            Verdict::Accept,
        ),
        (
            "sec-fetch-site: none | sec-fetch-mode: navigate",
            Verdict::Accept,
        ),
        (
            "sec-fetch-site: cross-site | sec-fetch-mode: no-cors",
            Verdict::CrossSite,
        ),
        (
            "sec-fetch-site: same-site | sec-fetch-mode: cors",
            Verdict::CrossSite,
        ),
        ("origin: http://evil.example", Verdict::CrossSite),
    ];
    for (headers, expected) in table {
        assert_eq!(judged(Method::GET, headers), expected, "{headers}");
    }
}

#[test]
fn a_link_from_another_site_opens_a_page_but_no_endpoint() {
    let CsrfLayer(rules) = CsrfLayer::new(OWN.to_owned(), &Paths::default());
    let judged = |method: Method, path: &str| {
        let mut request = Request::new(axum::body::Body::empty());
        *request.method_mut() = method;
        *request.uri_mut() = path.parse().unwrap();
        *request.headers_mut() = map("sec-fetch-site: cross-site | sec-fetch-mode: navigate");
        rules.verdict(&request)
    };
    assert_eq!(judged(Method::GET, "/callback?code=c"), Verdict::Accept);
    assert_eq!(judged(Method::GET, "/orders"), Verdict::Accept);
    assert_eq!(judged(Method::POST, "/orders"), Verdict::CrossSite);
    assert_eq!(judged(Method::GET, "/auth/session"), Verdict::CrossSite);
    assert_eq!(judged(Method::GET, "/api/shop/orders"), Verdict::CrossSite);
}

#[test]
fn a_link_on_another_site_leads_to_the_sign_in_page_and_to_no_other_endpoint() {
    let rules = CsrfLayer::new(OWN.to_owned(), &Paths::default()).0;
    let judged = |method: Method, path: &str| {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("sec-fetch-site", "cross-site")
            .header("sec-fetch-mode", "navigate")
            .body(axum::body::Body::empty());
        rules.verdict(&request.unwrap())
    };
    assert_eq!(judged(Method::GET, "/auth/login"), Verdict::Accept);
    assert_eq!(judged(Method::POST, "/auth/login"), Verdict::CrossSite);
    assert_eq!(judged(Method::GET, "/auth/session"), Verdict::CrossSite);
    assert_eq!(
        judged(Method::POST, "/auth/login/start"),
        Verdict::CrossSite
    );
    assert_eq!(judged(Method::GET, "/orders"), Verdict::Accept);
}
