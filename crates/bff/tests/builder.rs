//! What a builder reports, and what a request without a session gets.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

use axum::{
    Router,
    body::{Body, to_bytes},
    http::{Request, StatusCode, header},
    response::Response,
    routing::{get, post},
};
use confidant_bff::{Api, Bff, BffBuilder, BuildError, Provider, Secret, Session};
use std::{error::Error as _, fs, os::unix::fs::PermissionsExt, path::Path};
use tempfile::TempDir;
use tower::ServiceExt as _;

fn provider(id: &str) -> Provider {
    Provider::discover(id, "https://id.example")
        .client("client", Secret::new("client-secret"))
        .own_callback()
}

/// A builder that lacks nothing but providers.
fn without_providers(folder: &TempDir) -> BffBuilder {
    Bff::builder("https://app.example")
        .store(&store_in(folder.path()))
        .create_key_file(folder.path().join("keys"))
}

fn complete(folder: &TempDir) -> BffBuilder {
    without_providers(folder).provider(provider("one"))
}

fn store_in(folder: &Path) -> String {
    format!("sqlite:{}", folder.join("sessions.db").display())
}

async fn error_of(builder: BffBuilder) -> BuildError {
    let error = builder.build().await.err().unwrap();
    assert!(!error.to_string().contains("client-secret"), "{error}");
    error
}

#[tokio::test]
async fn each_error_names_the_setting_and_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let new = || complete(&folder);
    let api = |id: &str| Api::new(id, "https://api.example", ["GET /"]).unwrap();
    let client_of_two =
        || Provider::discover("two", "https://id.example").client("client", Secret::new("x"));
    let no_client = Provider::discover("two", "https://id.example");
    let only_provider = || Bff::builder("https://app.example").provider(provider("one"));
    let no_key_file = only_provider().store(&store_in(folder.path()));
    let missing_keys = only_provider()
        .store(&store_in(folder.path()))
        .key_file(folder.path().join("missing"));
    let table = [
        (
            Bff::builder("http://app.example").provider(provider("one")),
            "public_url: ",
            "expected an https URL",
        ),
        (
            without_providers(&folder),
            "provider: none is configured",
            "`.provider(",
        ),
        (
            new().provider(provider("one")),
            "provider: two have the id \"one\"",
            "an id of its own",
        ),
        (
            new().provider(no_client),
            "provider two: no client",
            "`.client(id, secret)`",
        ),
        (
            new().provider(client_of_two()),
            "provider two: with several providers each needs `own_callback`",
            "`iss_required`",
        ),
        (
            new().provider(provider("two").profile("nonsense")),
            "provider two: there is no profile \"nonsense\"",
            "expected one of generic",
        ),
        (
            new().api(api("shop")).api(api("shop")),
            "api: two have the id \"shop\"",
            "an id of its own",
        ),
        (
            new().provider(provider("two")).api(api("shop")),
            "api shop: there is no provider \"\"",
            "`.provider(id)`",
        ),
        (
            only_provider(),
            "store: none is configured",
            "`.store(\"sqlite:sessions.db\")`",
        ),
        (
            new().store("mysql://db.example/sessions"),
            "store: ",
            "expected \"sqlite:PATH\" or \"postgres://",
        ),
        (
            new().store("sqlite:/missing/folder/sessions.db"),
            "store: sqlite:/missing/folder/sessions.db cannot be opened",
            "check that it is reachable and writable",
        ),
        (
            no_key_file,
            "key_file: none is configured",
            "`.create_key_file(path)`",
        ),
        (missing_keys, "key_file: ", "cannot be used"),
    ];
    for (builder, setting, remedy) in table {
        let error = error_of(builder).await.to_string();
        assert!(error.starts_with(setting), "{error}\nexpected {setting}");
        assert!(error.contains(remedy), "{error}\nexpected {remedy}");
    }
}

#[tokio::test]
async fn a_store_that_cannot_be_opened_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let database = folder.path().join("sessions.db");
    fs::write(
        &database,
        "this is no database, but a text of some length\n".repeat(50),
    )
    .unwrap();
    let error = error_of(complete(&folder)).await;
    assert!(matches!(error, BuildError::Store { .. }), "{error}");
    assert!(error.source().is_some());
}

#[tokio::test]
async fn a_postgres_password_stays_out_of_the_error() {
    let folder = tempfile::tempdir().unwrap();
    // Nothing listens on the port of the discard protocol.
    let builder = complete(&folder).store("postgres://user:pa55word@127.0.0.1:9/sessions");
    let error = error_of(builder).await;
    let text = format!("{error} {error:?}");
    assert!(text.contains("127.0.0.1:9"), "{text}");
    assert!(!text.contains("pa55word"), "{text}");
}

#[tokio::test]
async fn a_key_file_that_others_can_read_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    drop(complete(&folder).build().await.unwrap());
    let keys = folder.path().join("keys");
    fs::set_permissions(&keys, PermissionsExt::from_mode(0o644)).unwrap();
    for builder in [complete(&folder), complete(&folder).key_file(&keys)] {
        let error = error_of(builder).await.to_string();
        assert!(error.starts_with("key_file: "), "{error}");
        let remedy = format!("chmod 600 {}", keys.display());
        assert!(error.contains(&remedy), "{error}");
    }
}

async fn hello(session: Session) -> String {
    session.user().name().to_owned()
}

/// Sends a request without a session to an application with this backend.
async fn ask(bff: &Bff, request: axum::http::request::Builder) -> Response {
    let app = Router::new()
        .route("/hello", get(hello))
        .route("/orders", post(hello))
        .layer(bff.csrf_layer())
        .merge(bff.routes())
        .with_state(bff.clone());
    let request = request.body(Body::empty()).unwrap();
    app.oneshot(request).await.unwrap()
}

async fn code_of(response: Response) -> String {
    let body = to_bytes(response.into_body(), 10_000).await.unwrap();
    let problem: serde_json::Value = serde_json::from_slice(&body).unwrap();
    problem["code"].as_str().unwrap().to_owned()
}

fn navigation(path: &str) -> axum::http::request::Builder {
    Request::get(path).header("sec-fetch-mode", "navigate")
}

#[tokio::test]
async fn a_handler_that_takes_a_session_answers_401_without_one() {
    let folder = tempfile::tempdir().unwrap();
    let bff = complete(&folder).build().await.unwrap();
    for request in [Request::get("/hello"), navigation("/hello")] {
        let response = ask(&bff, request).await;
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
        assert_eq!(code_of(response).await, "not_signed_in");
    }
}

#[tokio::test]
async fn a_navigation_without_a_session_leads_to_the_sign_in_page_if_the_builder_says_so() {
    let folder = tempfile::tempdir().unwrap();
    let builder = complete(&folder).redirect_to_sign_in();
    let bff = builder.build().await.unwrap();
    let response = ask(&bff, navigation("/hello?a=1&b=2")).await;
    assert_eq!(response.status(), StatusCode::SEE_OTHER);
    let location = "/auth/login?return_to=%2Fhello%3Fa%3D1%26b%3D2";
    assert_eq!(response.headers()[header::LOCATION], location);
    let page = ask(&bff, navigation(location)).await;
    assert_eq!(page.status(), StatusCode::OK);
    let page = to_bytes(page.into_body(), 10_000).await.unwrap();
    let page = String::from_utf8(page.to_vec()).unwrap();
    assert!(page.contains("name=\"return_to\" value=\"/hello?a=1&amp;b=2\""));

    // A script cannot show the sign-in page, and a form cannot be repeated.
    let form = Request::post("/orders")
        .header("sec-fetch-mode", "navigate")
        .header("sec-fetch-site", "same-origin");
    for request in [Request::get("/hello"), form] {
        let response = ask(&bff, request).await;
        assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
        assert_eq!(code_of(response).await, "not_signed_in");
    }
}
