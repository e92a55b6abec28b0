//! The same without JavaScript: plain forms and pages.

use crate::app::{TestApp, answer_fields};

#[tokio::test]
async fn plain_forms_alone_go_all_the_way() {
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
    for (name, value) in answer_fields(&callback) {
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
async fn pages_hold_no_token_and_may_run_no_inline_script_of_others() {
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
        // In the demo the comparison shows our own pages in frames.
        assert!(policy.ends_with("frame-ancestors 'self'"), "{policy}");
    }
}

#[tokio::test]
async fn nobody_frames_a_page_whose_address_holds_a_code() {
    let app = TestApp::start().await;
    for path in ["/callback?code=x", "/browser/callback?code=x"] {
        let page = app.browser().open(path).await;
        let policy = page.header("content-security-policy");
        assert!(policy.ends_with("frame-ancestors 'none'"), "{policy}");
    }
}

#[tokio::test]
async fn without_the_demo_nobody_frames_anything() {
    let app = TestApp::with_impostor(axum::Router::new()).await;
    let page = app.browser().open("/").await;
    let policy = page.header("content-security-policy");
    assert!(policy.ends_with("frame-ancestors 'none'"), "{policy}");
}

#[tokio::test]
async fn a_page_that_is_not_there_says_so_with_its_status() {
    let app = TestApp::start().await;
    for path in ["/nothing", "/implicit/menu"] {
        let page = app.browser().open(path).await;
        assert_eq!(page.status, 404, "{path}");
        assert!(page.text.contains("<h1>"), "{path}");
    }
}

#[tokio::test]
async fn the_short_paths_lead_to_the_pages_of_the_confidential_client() {
    let app = TestApp::start().await;
    for path in [
        "menu",
        "profile",
        "validate",
        "automatic_refresh",
        "manual_refresh",
    ] {
        let answer = app.browser().open(&format!("/{path}")).await;
        assert!(answer.status.is_redirection(), "{path}");
        assert_eq!(answer.header("location"), format!("/bff/{path}"));
    }
}
