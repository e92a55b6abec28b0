//! The session endpoints: with a session, without one, and from another site.

use crate::app::{Browser, TestApp, TestResponse, parameter};
use axum::http::{HeaderValue, Request};

/// Every endpoint that changes something.
const POSTS: [&str; 5] = [
    "/auth/login/start",
    "/auth/login/finish",
    "/auth/refresh",
    "/auth/expire",
    "/auth/logout",
];

#[tokio::test]
async fn no_endpoint_and_no_page_contains_a_token() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let url = browser.start().await;
    let callback = browser.decide(&url, "alice", "allow").await;
    browser.finish(&callback).await.success();
    browser.post("/auth/refresh", &[]).await.success();
    let view = browser.get("/auth/token").await.success();
    assert_eq!(view["token_type"], "Bearer");
    assert_eq!(view["generation"], 2);
    assert!(view["access_token"].as_str().unwrap().starts_with("at·"));
    let log = browser.get("/auth/log").await;
    assert!(log.success()["exchanges"].as_array().unwrap().len() > 3);
    // The PKCE challenge is the only long value that is public.
    let challenge = parameter(&url, "code_challenge").unwrap();
    for path in [
        "/auth/log",
        "/auth/token",
        "/auth/session",
        "/auth/profile",
        "/auth/validate",
        "/bff/menu",
        "/bff/profile",
        "/bff/validate",
    ] {
        let response = match path.starts_with("/auth/") {
            true => browser.get(path).await,
            false => browser.open(path).await,
        };
        assert_eq!(response.status, 200, "{path}");
        assert!(!response.text.contains(crate::app::CLIENT_SECRET), "{path}");
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        for word in response.text.split(|c| !is_part(c)) {
            assert!(word.len() < 40 || word == challenge, "{path}: {word}");
        }
    }
}

#[tokio::test]
async fn a_manual_refresh_changes_both_tokens_and_is_reported() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let before = browser.get("/auth/token").await.success();
    let after = browser.post("/auth/refresh", &[]).await.success();
    assert_ne!(before["access_token"], after["access_token"]);
    assert_ne!(before["refresh_token"], after["refresh_token"]);
    let change = browser.get("/auth/log").await.success()["change"].clone();
    assert_eq!(change["cause"], "manual");
    assert_eq!(change["before"]["access_token"], before["access_token"]);
    assert_eq!(change["after"]["access_token"], after["access_token"]);
}

#[tokio::test]
async fn a_call_with_an_expired_token_refreshes_it() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let expired = browser.post("/auth/expire", &[]).await.success();
    assert_eq!(expired["expired"], true);
    let profile = browser.get("/auth/profile").await.success();
    assert_eq!(profile["email"], "alice@example.com");
    let after = browser.get("/auth/token").await.success();
    assert_eq!(after["expired"], false);
    assert_ne!(after["access_token"], expired["access_token"]);
    let change = browser.get("/auth/log").await.success()["change"].clone();
    assert_eq!(change["cause"], "automatic");
}

#[tokio::test]
async fn a_token_is_validated_by_introspection() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let response = browser.get("/auth/validate").await.success();
    assert_eq!(response["active"], true);
    assert_eq!(response["by"], "introspection");
    assert_eq!(response["answer"]["client_id"], "confidant-web");
}

#[tokio::test]
async fn after_sign_out_the_old_cookie_is_useless() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let cookies = browser.cookies();
    let out = browser.post("/auth/logout", &[]).await.success();
    assert_eq!(out["revoked"], true);
    assert_eq!(out["provider"], "demo");
    assert!(!browser.cookies().contains_key("__Host-Http-confidant"));
    let attacker = app.browser().with_cookies(cookies);
    let response = attacker.get("/auth/profile").await;
    assert_eq!(response.problem(), (401, "not_signed_in".into()));
}

#[tokio::test]
async fn every_endpoint_requires_a_session() {
    let app = TestApp::start().await;
    let garbage = [("__Host-Http-confidant".to_owned(), "garbage".to_owned())];
    let well_formed = [("__Host-Http-confidant".to_owned(), "A".repeat(43))];
    for cookies in [None, Some(garbage), Some(well_formed)] {
        let cookies = cookies.into_iter().flatten().collect();
        let browser = app.browser().with_cookies(cookies);
        for path in [
            "/auth/token",
            "/auth/profile",
            "/auth/validate",
            "/auth/log",
        ] {
            let response = browser.get(path).await;
            assert_eq!(response.problem(), (401, "not_signed_in".into()), "{path}");
        }
        for path in ["/auth/refresh", "/auth/expire"] {
            let response = browser.post(path, &[]).await;
            assert_eq!(response.problem(), (401, "not_signed_in".into()), "{path}");
        }
        assert_eq!(
            browser.get("/auth/session").await.success()["signed_in"],
            false
        );
    }
}

#[tokio::test]
async fn another_site_cannot_use_a_users_session() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let before = browser.get("/auth/token").await.success();
    for path in POSTS {
        for site in ["cross-site", "same-site"] {
            let forged = Request::post(path)
                .header("sec-fetch-site", site)
                .header("sec-fetch-mode", "navigate")
                .header("x-csrf", "1");
            let response = browser.send(forged, "provider=demo".into()).await;
            assert_eq!(response.status, 403, "{path}");
            assert_eq!(response.header("content-type"), "text/html; charset=utf-8");
        }
        let without_header = browser
            .send(Request::post(path), "provider=demo".into())
            .await;
        assert_eq!(
            without_header.problem(),
            (403, "cross_site".into()),
            "{path}"
        );
    }
    assert_eq!(
        browser.get("/auth/token").await.success()["access_token"],
        before["access_token"]
    );
}

#[tokio::test]
async fn every_endpoint_refuses_a_body_that_is_too_large() {
    let app = TestApp::start().await;
    let large = format!("state={}", "a".repeat(70_000));
    for path in POSTS {
        let request = Request::post(path).header("x-csrf", "1");
        let response = app.browser().send(request, large.clone()).await;
        assert_eq!(response.problem(), (413, "body_too_large".into()), "{path}");
    }
}

const COOKIE: &str = "__Host-Http-confidant";

/// Sends a request with exactly this cookie header.
async fn with_cookie_header(
    app: &TestApp,
    method: &str,
    path: &str,
    cookies: &[u8],
) -> TestResponse {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header("x-csrf", "1")
        .header("cookie", HeaderValue::from_bytes(cookies).unwrap());
    app.browser().send(request, String::new()).await
}

fn session_cookie(browser: &Browser<'_>) -> String {
    browser.cookies()[COOKIE].clone()
}

#[tokio::test]
async fn another_cookie_with_any_bytes_hides_no_session_and_prevents_no_sign_out() {
    let app = TestApp::start().await;
    for foreign in [
        "x=\u{fc}".as_bytes(),
        b"x=\xfc",
        b"\xfc=x",
        b"x=",
        b"x",
        b"",
    ] {
        let browser = app.browser();
        browser.sign_in("alice").await;
        let own = format!("{COOKIE}={}", session_cookie(&browser));
        let cookies = [own.as_bytes(), foreign].join(&b"; "[..]);
        let session = with_cookie_header(&app, "GET", "/auth/session", &cookies).await;
        assert_eq!(session.success()["signed_in"], true, "{foreign:?}");
        let out = with_cookie_header(&app, "POST", "/auth/logout", &cookies).await;
        assert_eq!(out.success()["revoked"], true, "{foreign:?}");
        let after = browser.get("/auth/session").await;
        assert_eq!(after.success()["signed_in"], false, "{foreign:?}");
    }
}

#[tokio::test]
async fn another_cookie_with_any_bytes_prevents_no_sign_in() {
    let app = TestApp::start().await;
    let foreign = [("x".to_owned(), "\u{fc}".to_owned())];
    let browser = app.browser().with_cookies(foreign.into());
    browser.sign_in("alice").await;
    let session = browser.get("/auth/session").await.success();
    assert_eq!(session["signed_in"], true);
}

#[tokio::test]
async fn a_sign_out_with_an_ambiguous_or_malformed_cookie_reports_no_success() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let value = session_cookie(&browser);
    for cookies in [
        format!("{COOKIE}={value}; {COOKIE}={value}"),
        format!("{COOKIE}={value}; {COOKIE}={}", "A".repeat(43)),
        format!("{COOKIE}={value}; {COOKIE}="),
        format!("{COOKIE}={value}\u{fc}"),
        format!("{COOKIE}=garbage"),
    ] {
        let out = with_cookie_header(&app, "POST", "/auth/logout", cookies.as_bytes()).await;
        assert_eq!(out.problem(), (400, "bad_request".into()), "{cookies}");
        let cleared = format!("{COOKIE}=; ");
        let mut set = out.headers.get_all("set-cookie").iter();
        assert!(set.any(|set| set.to_str().unwrap().starts_with(&cleared)));
    }
    // The session was not ended on a guess.
    let session = browser.get("/auth/session").await.success();
    assert_eq!(session["signed_in"], true);
}

#[tokio::test]
async fn a_second_sign_out_is_not_an_error() {
    let app = TestApp::start().await;
    let unknown = format!("{COOKIE}={}", "A".repeat(43));
    for cookies in ["", "x=y", &unknown, &format!("{COOKIE}=")] {
        let out = with_cookie_header(&app, "POST", "/auth/logout", cookies.as_bytes()).await;
        assert_eq!(out.success()["revoked"], false, "{cookies}");
    }
}

#[tokio::test]
async fn a_form_whose_sign_out_fails_shows_an_error_page() {
    let app = TestApp::start().await;
    let cookies = [(COOKIE.to_owned(), "garbage".to_owned())];
    let browser = app.browser().with_cookies(cookies.into());
    let page = browser.submit("/auth/logout", &[]).await;
    assert_eq!(page.status, 400);
    assert!(page.text.contains("No session was ended"), "{}", page.text);
    assert!(!browser.cookies().contains_key(COOKIE));
}

#[tokio::test]
async fn what_scripts_read_needs_the_header_and_does_nothing_without_it() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    for path in [
        "/auth/profile",
        "/auth/validate",
        "/auth/session",
        "/auth/token",
        "/auth/log",
        "/auth/providers",
    ] {
        for method in ["GET", "HEAD"] {
            let request = Request::builder().method(method).uri(path);
            let refused = browser.send(request, String::new()).await;
            assert_eq!(refused.status, 403, "{method} {path}");
        }
        let navigation = browser.open(path).await;
        assert_eq!(navigation.status, 403, "{path}");
        assert_eq!(browser.get(path).await.status, 200, "{path}");
    }
}
