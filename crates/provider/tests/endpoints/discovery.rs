//! Metadata, keys, assets and unknown paths.

use crate::app::{EMPTY_FORM, ISSUER, TestApp};

#[tokio::test]
async fn the_metadata_names_existing_endpoints() {
    let app = TestApp::new();
    let metadata = app.get("/.well-known/openid-configuration").await.json();
    let other = app
        .get("/.well-known/oauth-authorization-server")
        .await
        .json();
    assert_eq!(metadata, other);
    assert_eq!(metadata["issuer"], ISSUER);
    for (name, value) in metadata.as_object().unwrap() {
        if name.ends_with("_endpoint") || name == "jwks_uri" {
            let path = value.as_str().unwrap().strip_prefix(ISSUER).unwrap();
            assert_ne!(app.get(path).await.status, 404, "{name}");
        }
    }
}

#[tokio::test]
async fn the_metadata_lists_supported_features_only() {
    let app = TestApp::new();
    let metadata = app.get("/.well-known/openid-configuration").await.json();
    assert_eq!(
        metadata["response_types_supported"],
        serde_json::json!(["code"])
    );
    assert_eq!(
        metadata["code_challenge_methods_supported"],
        serde_json::json!(["S256"])
    );
    assert_eq!(
        metadata["authorization_response_iss_parameter_supported"],
        true
    );
}

#[tokio::test]
async fn the_private_part_of_the_key_is_not_published() {
    let app = TestApp::new();
    let key = &app.get("/jwks").await.json()["keys"][0];
    assert_eq!(key["alg"], "ES256");
    assert!(key.get("d").is_none());
}

#[tokio::test]
async fn an_unknown_path_shows_an_error_page() {
    let app = TestApp::new();
    let response = app.get("/nothing").await;
    assert_eq!(response.status, 404);
    assert_eq!(response.heading(), "There is nothing here");
    assert_eq!(
        app.post("/authorize", EMPTY_FORM).await.heading(),
        "Not that way"
    );
}

#[tokio::test]
async fn the_pages_have_a_stylesheet_and_an_icon() {
    let app = TestApp::new();
    let style = app.get("/assets/style.css").await;
    assert_eq!(style.header("content-type"), "text/css; charset=utf-8");
    let icon = app.get("/assets/icon.svg").await;
    assert_eq!(icon.header("content-type"), "image/svg+xml");
}
