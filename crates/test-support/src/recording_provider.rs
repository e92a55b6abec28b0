//! A demo provider in the test's own process. It records the tokens that it
//! issues, so that a test can look for them where they must not be.

use crate::{Error, demo_provider::DemoProvider};
use axum::{
    body::{Body, to_bytes},
    extract::{Request, State},
    middleware::{Next, from_fn_with_state},
    response::Response,
};
use confidant_provider::{Config, Provider, router};
use serde_json::Value;
use std::{
    net::{Ipv4Addr, SocketAddr},
    sync::{Arc, Mutex, PoisonError},
};
use tokio::{net::TcpListener, task::JoinHandle};

/// The secret of the confidential client.
pub const CLIENT_SECRET: &str = "the-secret-of-the-examples";

/// More bytes than a token response has.
const LONGEST_RESPONSE: usize = 64 * 1024;

type Issued = Arc<Mutex<Vec<String>>>;

/// A running provider; it ends when it is dropped.
#[derive(Debug)]
pub struct RecordingProvider {
    address: SocketAddr,
    issued: Issued,
    server: JoinHandle<()>,
}

impl RecordingProvider {
    /// Starts a provider for the application at this URL.
    ///
    /// # Errors
    /// If it cannot listen or start.
    pub async fn start(app_url: &str) -> Result<Self, Error> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = listener.local_addr()?;
        let config = Config {
            controls: true,
            ..Config::demo(app_url, &format!("http://{address}"), CLIENT_SECRET)
        };
        let provider =
            Provider::start(config).map_err(|error| Error::message(error.to_string()))?;
        let issued = Issued::default();
        let service = router(provider)
            .layer(from_fn_with_state(issued.clone(), record))
            .into_make_service_with_connect_info::<SocketAddr>();
        let server = tokio::spawn(async move {
            // Ends with the task. Requests report what goes wrong.
            drop(axum::serve(listener, service).await);
        });
        Ok(Self {
            address,
            issued,
            server,
        })
    }

    /// Returns the address that the provider listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the issuer identifier.
    pub fn issuer(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Returns the control API.
    pub fn controls(&self) -> DemoProvider {
        DemoProvider::at(self.address)
    }

    /// Returns the tokens that the provider has issued.
    pub fn issued_tokens(&self) -> Vec<String> {
        let issued = self.issued.lock();
        issued.unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Drop for RecordingProvider {
    fn drop(&mut self) {
        self.server.abort();
    }
}

/// Records the tokens of a token response.
async fn record(State(issued): State<Issued>, request: Request, next: Next) -> Response {
    let is_token_request = request.uri().path() == "/token";
    let response = next.run(request).await;
    if !is_token_request {
        return response;
    }
    let (head, body) = response.into_parts();
    let body = to_bytes(body, LONGEST_RESPONSE).await.unwrap_or_default();
    let fields: Value = serde_json::from_slice(&body).unwrap_or_default();
    let tokens = ["access_token", "refresh_token", "id_token"]
        .into_iter()
        .filter_map(|name| fields[name].as_str().map(str::to_owned));
    let mut all = issued.lock().unwrap_or_else(PoisonError::into_inner);
    all.extend(tokens);
    drop(all);
    Response::from_parts(head, Body::from(body))
}
