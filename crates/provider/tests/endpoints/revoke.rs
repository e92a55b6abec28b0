//! `POST /revoke`.

use crate::app::{EMPTY_FORM, TestApp};

#[tokio::test]
async fn revoking_either_token_revokes_the_family() {
    let app = TestApp::new();
    for kind in ["access_token", "refresh_token"] {
        let tokens = app.tokens().await;
        let token = tokens.0[kind].as_str().unwrap();
        let form = [("token", token), ("token_type_hint", kind)];
        let response = app.post_as_web("/revoke", &form).await;
        assert_eq!(
            (response.status.as_u16(), response.text.as_str()),
            (200, "")
        );
        assert!(!app.accepts(tokens.access()).await);
        app.refresh(tokens.refresh())
            .await
            .assert_error(400, "invalid_grant");
    }
}

#[tokio::test]
async fn revoking_an_unknown_token_succeeds() {
    let app = TestApp::new();
    let response = app.post_as_web("/revoke", &[("token", "unknown")]).await;
    assert_eq!(response.status, 200);
}

#[tokio::test]
async fn a_client_cannot_revoke_the_token_of_another_client() {
    let app = TestApp::new();
    let tokens = app.tokens().await;
    let form = [("token", tokens.access())];
    let response = app.post_as("google-like", "/revoke", &form).await;
    response.assert_error(400, "unauthorized_client");
    let form = [("token", tokens.access()), ("client_id", "confidant-spa")];
    app.post("/revoke", &form)
        .await
        .assert_error(400, "unauthorized_client");
    assert!(app.accepts(tokens.access()).await);
}

#[tokio::test]
async fn revocation_requires_a_client_and_a_token() {
    let app = TestApp::new();
    let tokens = app.tokens().await;
    let response = app.post("/revoke", &[("token", tokens.access())]).await;
    response.assert_error(401, "invalid_client");
    app.post_as_web("/revoke", EMPTY_FORM)
        .await
        .assert_error(400, "invalid_request");
    assert!(app.accepts(tokens.access()).await);
}
