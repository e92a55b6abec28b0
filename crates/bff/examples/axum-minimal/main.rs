//! The smallest application: one page for signed-in users, and one API that is
//! forwarded. The README of the crate says how to run it.

use axum::{Router, routing::get};
use confidant_bff::{Api, Bff, BffError, Provider, Secret, Session};
use std::{env, error::Error};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let issuer = setting("ISSUER", "http://127.0.0.1:4000");
    let bff = Bff::builder(&setting("PUBLIC_URL", "http://localhost:3000"))
        .provider(
            Provider::discover("demo", &issuer)
                .client("confidant-web", Secret::from_env("DEMO_CLIENT_SECRET")?)
                .scopes(["openid", "profile", "offline_access"]),
        )
        .api(Api::new("demo", &format!("{issuer}/api"), ["GET /me"])?)
        .store("sqlite:sessions.db")
        .create_key_file("sessions.keys")
        .redirect_to_sign_in()
        .build()
        .await?;
    let app = Router::new()
        .route("/", get(hello))
        .layer(bff.csrf_layer())
        .layer(bff.security_headers_layer())
        .merge(bff.routes()) // /auth/…, /callback and /api/…
        .with_state(bff);
    let listener = TcpListener::bind(setting("LISTEN", "127.0.0.1:3000")).await?;
    Ok(axum::serve(listener, app).await?)
}

async fn hello(session: Session) -> Result<String, BffError> {
    let token = session.access_token().await?; // refreshed first, if it has expired
    let (name, scopes) = (session.user().name(), token.scopes.join(", "));
    Ok(format!(
        "Hello {name}! Your access token is good for {scopes}."
    ))
}

fn setting(name: &str, default: &str) -> String {
    env::var(name).unwrap_or_else(|_| default.to_owned())
}
