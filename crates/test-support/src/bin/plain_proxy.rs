//! The least that a reverse proxy on axum does, as a baseline for benchmarks.
//! `plain_proxy LISTEN UPSTREAM` forwards requests; `plain_proxy LISTEN` answers
//! them itself.

use axum::{
    Router,
    body::Body,
    extract::{Request, State},
    http::{HeaderValue, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::TokioExecutor,
};
use std::{env, error::Error, net::SocketAddr};
use tokio::net::TcpListener;

/// The response without an upstream.
const BODY: &str = r#"{"hello":"world","n":12345,"text":"some sixty-four bytes of body"}"#;

#[derive(Clone)]
struct PlainProxy {
    client: Client<HttpConnector, Body>,
    upstream: SocketAddr,
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    confidant_test_support::process::raise_file_limit();
    let mut arguments = env::args().skip(1);
    let listen = arguments.next().ok_or("plain_proxy LISTEN [UPSTREAM]")?;
    let router = match arguments.next() {
        Some(upstream) => {
            let mut tcp = HttpConnector::new();
            tcp.set_nodelay(true);
            let proxy = PlainProxy {
                client: Client::builder(TokioExecutor::new()).build(tcp),
                upstream: upstream.parse()?,
            };
            Router::new().fallback(forward).with_state(proxy)
        }
        None => {
            Router::new().fallback(async || ([(header::CONTENT_TYPE, "application/json")], BODY))
        }
    };
    let listener = TcpListener::bind(listen.parse::<SocketAddr>()?).await?;
    Ok(axum::serve(listener, router).await?)
}

async fn forward(State(proxy): State<PlainProxy>, mut request: Request) -> Response {
    let path = request
        .uri()
        .path_and_query()
        .map_or("/", |path| path.as_str());
    let Ok(uri) = format!("http://{}{path}", proxy.upstream).parse::<Uri>() else {
        return StatusCode::BAD_REQUEST.into_response();
    };
    *request.uri_mut() = uri;
    if let Ok(host) = HeaderValue::try_from(proxy.upstream.to_string()) {
        request.headers_mut().insert(header::HOST, host);
    }
    match proxy.client.request(request).await {
        Ok(response) => response.into_response(),
        Err(_) => StatusCode::BAD_GATEWAY.into_response(),
    }
}
