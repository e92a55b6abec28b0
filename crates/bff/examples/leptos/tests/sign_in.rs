//! The example as a process, with a browser that has no JavaScript, and with the
//! requests of its WebAssembly.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use confidant_test_support::example_app::ExampleApp;
use std::path::Path;

async fn start() -> ExampleApp {
    let program = env!("CARGO_BIN_EXE_confidant-example-leptos");
    ExampleApp::start(Path::new(program)).await.unwrap()
}

async fn sign_in(app: &mut ExampleApp) {
    let page = app.open("/").await.unwrap();
    let started = app.submit(&page, "/auth/login/start").await.unwrap();
    assert_eq!(started.status, 303, "{}", started.text());
    let return_to = app.authorize(started.header("location")).await.unwrap();
    assert_eq!(return_to, "/");
}

#[tokio::test]
async fn the_page_works_without_javascript() {
    let mut app = start().await;
    let provider = app.provider().controls();
    sign_in(&mut app).await;

    // The server function called the API while the server rendered the page.
    let page = app.open("/").await.unwrap();
    assert!(
        page.text().contains("<strong>Alice Example"),
        "{}",
        page.text()
    );
    assert!(page.text().contains("client_id"), "{}", page.text());
    let policy = page.header("content-security-policy");
    assert!(policy.contains("script-src 'self' 'nonce-"), "{policy}");
    assert!(!policy.contains("unsafe-inline"), "{policy}");

    let expired = app.submit(&page, "/functions/expire").await.unwrap();
    assert!(expired.status.is_redirection(), "{}", expired.status);
    assert_eq!(provider.refreshes().await.unwrap(), 0);
    let page = app.open("/").await.unwrap();
    assert!(
        page.text().contains("<strong>Alice Example"),
        "{}",
        page.text()
    );
    assert_eq!(provider.refreshes().await.unwrap(), 1);

    let signed_out = app.submit(&page, "/auth/logout").await.unwrap();
    assert_eq!(signed_out.header("location"), "/");
    let page = app.open("/").await.unwrap();
    assert!(
        page.text().contains("action=\"/auth/login/start\""),
        "{}",
        page.text()
    );
    check_that_no_secret_leaked(&app);
}

#[tokio::test]
async fn its_server_functions_use_the_session_and_refuse_other_sites() {
    let mut app = start().await;
    let provider = app.provider().controls();
    let account = app.get("/functions/account").await.unwrap();
    assert_eq!(account.text(), "null");
    assert!(
        !app.post("/functions/expire", "")
            .await
            .unwrap()
            .status
            .is_success()
    );

    sign_in(&mut app).await;
    let account = app.get("/functions/account").await.unwrap().json();
    assert_eq!(account["name"], "Alice Example");
    assert!(
        account["answer"]
            .as_str()
            .unwrap()
            .contains("\"username\":\"alice\"")
    );
    assert_eq!(app.post("/functions/expire", "").await.unwrap().status, 200);
    assert_eq!(app.get("/functions/account").await.unwrap().status, 200);
    assert_eq!(provider.refreshes().await.unwrap(), 1);

    let refused = app.post_unmarked("/functions/expire").await.unwrap();
    assert_eq!(
        (refused.status.as_u16(), refused.code()),
        (403, "cross_site".into())
    );
    assert_eq!(app.post("/auth/logout", "").await.unwrap().status, 200);
    assert_eq!(app.get("/functions/account").await.unwrap().text(), "null");
    check_that_no_secret_leaked(&app);
}

fn check_that_no_secret_leaked(app: &ExampleApp) {
    let issued = app.provider().issued_tokens().len();
    assert!(issued >= 4, "{issued} tokens were issued");
    assert_eq!(app.leaked_secret(), None);
}
