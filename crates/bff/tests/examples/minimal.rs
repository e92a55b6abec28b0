//! `axum-minimal`, with a browser without scripts.

use crate::{check_that_no_secret_leaked, start};

#[tokio::test]
async fn a_user_signs_in_calls_an_api_survives_an_expiry_and_signs_out() {
    let mut app = start("axum-minimal").await;
    let provider = app.provider().controls();

    // Without a session: an error for a script, the sign-in page for a user.
    let refused = app.get("/").await.unwrap();
    assert_eq!(
        (refused.status.as_u16(), refused.code()),
        (401, "not_signed_in".into())
    );
    let redirect = app.open("/").await.unwrap();
    assert_eq!(redirect.status, 303);
    assert_eq!(redirect.header("location"), "/auth/login?return_to=%2F");

    // Sign-in, by forms only.
    let page = app.open(redirect.header("location")).await.unwrap();
    let started = app.submit(&page, "/auth/login/start").await.unwrap();
    assert_eq!(started.status, 303);
    let return_to = app.authorize(started.header("location")).await.unwrap();
    assert_eq!(return_to, "/");
    let hello = app.open("/").await.unwrap();
    assert_eq!(hello.status, 200);
    assert!(
        hello.text().starts_with("Hello Alice Example!"),
        "{}",
        hello.text()
    );
    assert!(hello.text().contains("profile"), "{}", hello.text());

    // An API call.
    let me = app.get("/api/demo/me").await.unwrap();
    assert_eq!(me.json()["username"], "alice", "{}", me.text());
    assert_eq!(app.get("/api/demo/echo").await.unwrap().status, 404);

    // An expiry: the handler's next use of the token refreshes it, once.
    assert_eq!(provider.refreshes().await.unwrap(), 0);
    assert_eq!(app.post("/auth/expire", "").await.unwrap().status, 200);
    assert_eq!(app.open("/").await.unwrap().status, 200);
    assert_eq!(provider.refreshes().await.unwrap(), 1);
    assert_eq!(app.get("/api/demo/me").await.unwrap().status, 200);
    assert_eq!(provider.refreshes().await.unwrap(), 1);

    // Sign-out.
    assert_eq!(app.post("/auth/logout", "").await.unwrap().status, 200);
    assert_eq!(app.open("/").await.unwrap().status, 303);
    assert_eq!(
        app.get("/api/demo/me").await.unwrap().code(),
        "not_signed_in"
    );
    check_that_no_secret_leaked(&app);
}

#[test]
fn the_readme_shows_this_example() {
    let example = include_str!("../../examples/axum-minimal/main.rs");
    let (_, program) = example.split_once("\n\n").unwrap();
    let readme = include_str!("../../README.md");
    assert!(readme.contains(program), "README.md shows another program");
}
