//! A page with plain JavaScript: it signs in, shows who is signed in, and calls
//! an API through the backend. No token reaches it. The README of the crate says
//! how to run it.

use axum::{
    Router,
    http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE},
    response::IntoResponse,
    routing::get,
};
use confidant_bff::{Api, Bff, Provider, Secret};
use std::{env, error::Error};
use tokio::net::TcpListener;

/// Only files of this server: nothing inline, and no other origin.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; \
                      connect-src 'self'; form-action 'none'; base-uri 'none'; \
                      frame-ancestors 'none'";

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let issuer = setting("ISSUER", "http://127.0.0.1:4000");
    let bff = Bff::builder(&setting("PUBLIC_URL", "http://localhost:3000"))
        .provider(
            Provider::discover("demo", &issuer)
                .name("the demo provider")
                .client("confidant-web", Secret::from_env("DEMO_CLIENT_SECRET")?)
                .scopes(["openid", "profile", "offline_access"]),
        )
        .api(Api::new("demo", &format!("{issuer}/api"), ["GET /me"])?)
        .store("sqlite:sessions.db")
        .create_key_file("sessions.keys")
        .build()
        .await?;
    let app = Router::new()
        .route("/", get(page))
        .route("/app.js", get(script))
        .route("/style.css", get(style))
        .layer(bff.security_headers_layer())
        .merge(bff.routes());
    let listener = TcpListener::bind(setting("LISTEN", "127.0.0.1:3000")).await?;
    Ok(axum::serve(listener, app).await?)
}

async fn page() -> impl IntoResponse {
    let headers = [
        (CONTENT_SECURITY_POLICY, POLICY),
        (CONTENT_TYPE, "text/html; charset=utf-8"),
    ];
    (headers, include_str!("index.html"))
}

async fn script() -> impl IntoResponse {
    let media_type = [(CONTENT_TYPE, "text/javascript; charset=utf-8")];
    (media_type, include_str!("app.js"))
}

async fn style() -> impl IntoResponse {
    let media_type = [(CONTENT_TYPE, "text/css; charset=utf-8")];
    (media_type, include_str!("style.css"))
}

fn setting(name: &str, default: &str) -> String {
    env::var(name).unwrap_or_else(|_| default.to_owned())
}
