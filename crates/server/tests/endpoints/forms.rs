//! Plain forms and pages, without JavaScript.

use crate::app::{TestApp, callback_parameters};
use axum::http::Request;

#[tokio::test]
async fn everything_works_with_plain_forms_alone() {
    let app = TestApp::start().await;
    let browser = app.browser();
    let started = browser
        .submit("/app/start_login", &[("provider", "demo")])
        .await;
    let callback = browser.decide(started.location(), "alice", "allow").await;
    let path = callback.strip_prefix("http://localhost:3000").unwrap();
    let page = browser.open(path).await;
    assert_eq!(page.action(), "/app/finish_login");
    let hidden = page.hidden();
    for (name, value) in callback_parameters(&callback) {
        assert!(hidden.contains(&(name.to_owned(), value)), "{name}");
    }
    let fields: Vec<_> = hidden
        .iter()
        .map(|(n, v)| (n.as_str(), v.as_str()))
        .collect();
    let finished = browser.submit("/app/finish_login", &fields).await;
    assert_eq!(finished.location(), "/bff/menu");
    for (form, page) in [
        ("/app/expire_and_call", "/bff/automatic_refresh"),
        ("/app/refresh_token", "/bff/manual_refresh"),
        ("/auth/expire", "/bff/automatic_refresh"),
        ("/auth/refresh", "/bff/manual_refresh"),
    ] {
        assert_eq!(browser.submit(form, &[]).await.location(), page);
        let page = browser.open(page).await;
        assert_eq!(page.status, 200);
        assert!(page.text.contains("at·"), "no token view");
    }
    let out = browser.submit("/app/sign_out", &[]).await;
    assert_eq!(out.location(), "/?signed_out=demo");
}

#[tokio::test]
async fn a_form_that_fails_shows_a_page_with_the_status_and_no_script() {
    let app = TestApp::start().await;
    let table = [
        ("/app/finish_login", 400),
        ("/app/start_login", 400),
        ("/app/refresh_token", 401),
        ("/app/expire_and_call", 401),
        ("/auth/login/finish", 400),
        ("/auth/login/start", 400),
        ("/auth/refresh", 401),
        ("/auth/expire", 401),
    ];
    for (path, status) in table {
        let page = app.browser().submit(path, &[("code", "<b>c</b>")]).await;
        assert_eq!(page.status, status, "{path}");
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8");
        assert!(page.text.contains("<h1>"), "{path}");
        assert!(!page.text.contains("<script"), "{path}");
        assert!(!page.text.contains("<b>c</b>"), "{path}");
        assert!(
            page.header("content-security-policy")
                .contains("script-src 'none'")
        );
    }
}

#[tokio::test]
async fn pages_contain_no_secret_and_allow_only_inline_scripts_with_the_nonce() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    for path in [
        "menu",
        "profile",
        "validate",
        "automatic_refresh",
        "manual_refresh",
    ] {
        let page = browser.open(&format!("/bff/{path}")).await;
        assert_eq!(page.status, 200, "{path}");
        assert_eq!(page.header("cache-control"), "no-store");
        assert!(!page.text.contains(crate::app::CLIENT_SECRET), "{path}");
        let policy = page.header("content-security-policy");
        assert!(policy.contains("script-src 'self' 'nonce-"), "{policy}");
        assert!(policy.contains(&format!("form-action 'self' {}", app.demo().issuer)));
        assert!(!policy.contains("unsafe-inline"), "{policy}");
        // In the demo the comparison shows pages of the application in iframes.
        assert!(policy.ends_with("frame-ancestors 'self'"), "{policy}");
    }
}

#[tokio::test]
async fn a_page_with_a_code_in_its_url_cannot_be_framed() {
    let app = TestApp::start().await;
    for path in ["/callback?code=x", "/browser/callback?code=x"] {
        let page = app.browser().open(path).await;
        let policy = page.header("content-security-policy");
        assert!(policy.ends_with("frame-ancestors 'none'"), "{policy}");
    }
}

#[tokio::test]
async fn without_the_demo_no_page_can_be_framed() {
    let app = TestApp::start_with_provider(axum::Router::new()).await;
    let page = app.browser().open("/").await;
    let policy = page.header("content-security-policy");
    assert!(policy.ends_with("frame-ancestors 'none'"), "{policy}");
}

#[tokio::test]
async fn an_unknown_page_is_a_404_with_a_heading() {
    let app = TestApp::start().await;
    for path in ["/nothing", "/implicit/menu"] {
        let page = app.browser().open(path).await;
        assert_eq!(page.status, 404, "{path}");
        assert!(page.text.contains("<h1>"), "{path}");
    }
}

#[tokio::test]
async fn the_short_paths_redirect_to_the_pages_of_the_confidential_client() {
    let app = TestApp::start().await;
    for path in [
        "menu",
        "profile",
        "validate",
        "automatic_refresh",
        "manual_refresh",
    ] {
        let response = app.browser().open(&format!("/{path}")).await;
        assert!(response.status.is_redirection(), "{path}");
        assert_eq!(response.header("location"), format!("/bff/{path}"));
    }
}

#[tokio::test]
async fn no_server_function_redirects_to_what_the_request_says() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    for path in ["/app/refresh_token", "/app/view_token", "/app/nothing"] {
        let request = Request::post(path)
            .header("x-csrf", "1")
            .header("accept", "text/html")
            .header("sec-fetch-mode", "cors")
            .header("sec-fetch-site", "same-origin")
            .header("referer", "https://evil.example/x");
        let response = browser.send(request, String::new()).await;
        assert_eq!(response.header("location"), "", "{path}");
        assert!(!response.text.contains("evil.example"), "{path}");
    }
}
