//! What a signed-in person can do, and who cannot.

use crate::app::{TestApp, parameter};
use axum::http::Request;

/// Every endpoint that changes something.
const POSTS: [&str; 5] = [
    "/auth/login/start",
    "/auth/login/finish",
    "/auth/refresh",
    "/auth/expire",
    "/auth/logout",
];

#[tokio::test]
async fn the_token_view_and_everything_else_hold_no_token() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let url = browser.start().await;
    let callback = browser.decide(&url, "alice", "allow").await;
    browser.finish(&callback).await.good();
    browser.post("/auth/refresh", &[]).await.good();
    let view = browser.get("/auth/token").await.good();
    assert_eq!(view["token_type"], "Bearer");
    assert_eq!(view["generation"], 2);
    assert!(view["access_token"].as_str().unwrap().starts_with("at·"));
    let log = browser.get("/auth/log").await;
    assert!(log.good()["exchanges"].as_array().unwrap().len() > 3);
    // PKCE's challenge is the one long value that everybody may see.
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
        let answer = browser.open(path).await;
        assert!(!answer.text.contains(crate::app::CLIENT_SECRET), "{path}");
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
        for word in answer.text.split(|c| !is_part(c)) {
            assert!(word.len() < 40 || word == challenge, "{path}: {word}");
        }
    }
}

#[tokio::test]
async fn a_refresh_by_hand_changes_both_tokens_and_is_reported() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let before = browser.get("/auth/token").await.good();
    let after = browser.post("/auth/refresh", &[]).await.good();
    assert_ne!(before["access_token"], after["access_token"]);
    assert_ne!(before["refresh_token"], after["refresh_token"]);
    let change = browser.get("/auth/log").await.good()["change"].clone();
    assert_eq!(change["cause"], "manual");
    assert_eq!(change["before"]["access_token"], before["access_token"]);
    assert_eq!(change["after"]["access_token"], after["access_token"]);
}

#[tokio::test]
async fn a_call_with_an_expired_token_comes_back_with_a_new_one() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let expired = browser.post("/auth/expire", &[]).await.good();
    assert_eq!(expired["expired"], true);
    let profile = browser.get("/auth/profile").await.good();
    assert_eq!(profile["email"], "alice@example.com");
    let after = browser.get("/auth/token").await.good();
    assert_eq!(after["expired"], false);
    assert_ne!(after["access_token"], expired["access_token"]);
    let change = browser.get("/auth/log").await.good()["change"].clone();
    assert_eq!(change["cause"], "automatic");
}

#[tokio::test]
async fn the_provider_is_asked_whether_the_token_is_good() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let answer = browser.get("/auth/validate").await.good();
    assert_eq!(answer["active"], true);
    assert_eq!(answer["by"], "introspection");
    assert_eq!(answer["answer"]["client_id"], "confidant-web");
}

#[tokio::test]
async fn signing_out_ends_the_session_for_good() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let cookies = browser.cookies();
    let out = browser.post("/auth/logout", &[]).await.good();
    assert_eq!(out["revoked"], true);
    assert_eq!(out["provider"], "demo");
    assert!(!browser.cookies().contains_key("__Host-Http-confidant"));
    let thief = app.browser().with_cookies(cookies);
    let answer = thief.get("/auth/profile").await;
    assert_eq!(answer.problem(), (401, "not_signed_in".into()));
}

#[tokio::test]
async fn nobody_gets_anything_without_a_session() {
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
            let answer = browser.get(path).await;
            assert_eq!(answer.problem(), (401, "not_signed_in".into()), "{path}");
        }
        for path in ["/auth/refresh", "/auth/expire"] {
            let answer = browser.post(path, &[]).await;
            assert_eq!(answer.problem(), (401, "not_signed_in".into()), "{path}");
        }
        assert_eq!(
            browser.get("/auth/session").await.good()["signed_in"],
            false
        );
    }
}

#[tokio::test]
async fn another_site_can_do_nothing_with_a_persons_session() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let before = browser.get("/auth/token").await.good();
    for path in POSTS {
        for site in ["cross-site", "same-site"] {
            let forged = Request::post(path)
                .header("sec-fetch-site", site)
                .header("sec-fetch-mode", "navigate")
                .header("x-csrf", "1");
            let answer = browser.send(forged, "provider=demo".into()).await;
            assert_eq!(answer.status, 403, "{path}");
            assert_eq!(answer.header("content-type"), "text/html; charset=utf-8");
        }
        let unmarked = browser
            .send(Request::post(path), "provider=demo".into())
            .await;
        assert_eq!(unmarked.problem(), (403, "cross_site".into()), "{path}");
    }
    assert_eq!(
        browser.get("/auth/token").await.good()["access_token"],
        before["access_token"]
    );
}

#[tokio::test]
async fn a_body_too_large_is_refused_everywhere() {
    let app = TestApp::start().await;
    let large = format!("state={}", "a".repeat(70_000));
    for path in POSTS {
        let request = Request::post(path).header("x-csrf", "1");
        let answer = app.browser().send(request, large.clone()).await;
        assert_eq!(answer.problem(), (413, "body_too_large".into()), "{path}");
    }
}
