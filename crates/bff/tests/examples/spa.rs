//! `axum-spa`, with the requests that its script sends.

use crate::{check_that_no_secret_leaked, start};

const SIGN_IN: &str = "provider=demo&return_to=%2F";

#[tokio::test]
async fn its_script_signs_in_calls_an_api_survives_an_expiry_and_signs_out() {
    let mut app = start("axum-spa").await;
    let provider = app.provider().controls();
    let session = app.get("/auth/session").await.unwrap();
    assert_eq!(session.json()["signed_in"], false);
    assert_eq!(
        app.get("/api/demo/me").await.unwrap().code(),
        "not_signed_in"
    );

    let started = app.post("/auth/login/start", SIGN_IN).await.unwrap();
    let url = started.json()["authorization_url"].clone();
    let return_to = app.authorize(url.as_str().unwrap()).await.unwrap();
    assert_eq!(return_to, "/");
    let session = app.get("/auth/session").await.unwrap().json();
    assert_eq!(session["signed_in"], true);
    assert_eq!(session["name"], "Alice Example");
    assert_eq!(session["provider_name"], "the demo provider");

    let me = app.get("/api/demo/me").await.unwrap();
    assert_eq!(me.json()["username"], "alice", "{}", me.text());
    let before = app.get("/auth/token").await.unwrap().json();
    assert!(
        before["scopes"]
            .as_array()
            .unwrap()
            .contains(&"profile".into())
    );

    let expired = app.post("/auth/expire", "").await.unwrap();
    assert_eq!(expired.json()["expired"], true);
    assert_eq!(provider.refreshes().await.unwrap(), 0);
    assert_eq!(app.get("/api/demo/me").await.unwrap().status, 200);
    assert_eq!(provider.refreshes().await.unwrap(), 1);
    let after = app.get("/auth/token").await.unwrap().json();
    assert_ne!(before["access_token"], after["access_token"]);
    assert_eq!(after["expired"], false);

    assert_eq!(app.post("/auth/refresh", "").await.unwrap().status, 200);
    assert_eq!(provider.refreshes().await.unwrap(), 2);

    assert_eq!(app.post("/auth/logout", "").await.unwrap().status, 200);
    let session = app.get("/auth/session").await.unwrap();
    assert_eq!(session.json()["signed_in"], false);
    assert_eq!(
        app.get("/api/demo/me").await.unwrap().code(),
        "not_signed_in"
    );
    check_that_no_secret_leaked(&app);
}

#[tokio::test]
async fn its_page_allows_its_own_files_and_nothing_inline() {
    let mut app = start("axum-spa").await;
    let page = app.open("/").await.unwrap();
    let policy = page.header("content-security-policy");
    assert!(
        policy.starts_with("default-src 'none'; script-src 'self'"),
        "{policy}"
    );
    assert!(!policy.contains("unsafe"), "{policy}");
    let html = page.text();
    assert_eq!(html.matches("<script").count(), 1);
    assert!(html.contains("<script type=\"module\" src=\"/app.js\"></script>"));
    for inline in ["<style", " style=", " onclick=", "javascript:"] {
        assert!(!html.contains(inline), "{inline}");
    }
    for (file, media_type) in [
        ("/app.js", "text/javascript; charset=utf-8"),
        ("/style.css", "text/css; charset=utf-8"),
    ] {
        let response = app.get(file).await.unwrap();
        assert_eq!(response.header("content-type"), media_type);
        assert_eq!(response.header("x-content-type-options"), "nosniff");
    }
}

/// The script finds each element by its id; a misspelt one would fail at run time.
#[test]
fn its_page_has_every_element_that_its_script_uses() {
    let html = include_str!("../../examples/axum-spa/index.html");
    let script = include_str!("../../examples/axum-spa/app.js");
    let uses = script.split("element(\"").skip(1);
    let mut ids: Vec<_> = uses.filter_map(|rest| rest.split('"').next()).collect();
    ids.extend(["sign-in", "sign-out", "refresh", "expire", "call"]);
    ids.extend(["token-section", "api-section"]);
    assert!(ids.len() > 10, "{ids:?}");
    for id in ids {
        assert!(html.contains(&format!("id=\"{id}\"")), "{id}");
    }
}
