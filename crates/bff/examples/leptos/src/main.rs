//! The server of the example.

use any_spawner::Executor;
use axum::{
    Router,
    extract::Request,
    http::header::CONTENT_TYPE,
    routing::{get, post},
};
use confidant_bff::{Bff, Provider, Secret};
use confidant_example_leptos::{Backend, document};
use leptos::prelude::*;
use leptos_axum::{handle_server_fns_with_context, render_app_async_with_context};
use std::{env, error::Error};
use tokio::net::TcpListener;
use tower_http::services::ServeDir;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    Executor::init_tokio()?;
    let issuer = setting("ISSUER", "http://127.0.0.1:4000");
    let bff = Bff::builder(&setting("PUBLIC_URL", "http://localhost:3000"))
        .provider(
            Provider::discover("demo", &issuer)
                .client("confidant-web", Secret::from_env("DEMO_CLIENT_SECRET")?)
                .scopes(["openid", "profile", "offline_access"]),
        )
        .store("sqlite:sessions.db")
        .create_key_file("sessions.keys")
        .build()
        .await?;
    let backend = Backend {
        bff: bff.clone(),
        http: reqwest::Client::new(),
        api: format!("{issuer}/api"),
    };
    let provide = move || provide_context(backend.clone());
    let options = LeptosOptions::builder()
        .output_name("example")
        .site_root(setting("LEPTOS_SITE_ROOT", "target/example-leptos"))
        .build();
    let files = ServeDir::new(format!("{}/pkg", options.site_root));
    let page = render_app_async_with_context(provide.clone(), move || document(options.clone()));
    let functions = move |request: Request| {
        let provide = provide.clone();
        async move { handle_server_fns_with_context(provide, request).await }
    };
    let app = Router::new()
        .route("/", get(page))
        .route("/functions/account", get(functions.clone()))
        .route("/functions/expire", post(functions))
        .route("/style.css", get(style))
        .nest_service("/pkg", files)
        .layer(bff.csrf_layer())
        .layer(bff.security_headers_layer())
        .merge(bff.routes());
    let listener = TcpListener::bind(setting("LISTEN", "127.0.0.1:3000")).await?;
    Ok(axum::serve(listener, app).await?)
}

async fn style() -> ([(axum::http::HeaderName, &'static str); 1], &'static str) {
    ([(CONTENT_TYPE, "text/css")], include_str!("style.css"))
}

fn setting(name: &str, default: &str) -> String {
    env::var(name).unwrap_or_else(|_| default.to_owned())
}
