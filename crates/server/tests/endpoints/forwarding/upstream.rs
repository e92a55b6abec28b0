//! A test API on a port of its own, and servers that forward to it.

use crate::app::TestApp;
use axum::{
    Router,
    body::{Body, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, Method},
    middleware::{Next, from_fn_with_state},
    response::Response,
};
use confidant_bff::{Provider, Secret, settings::Api as ApiSettings};
use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
};

/// A request as the API received it.
#[derive(Clone, Debug)]
pub(super) struct ReceivedRequest {
    pub(super) method: Method,
    pub(super) target: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

impl ReceivedRequest {
    /// Returns the access token of the request.
    #[track_caller]
    pub(super) fn token(&self) -> &str {
        let value = self.headers["authorization"].to_str().unwrap();
        value.strip_prefix("Bearer ").unwrap()
    }
}

/// An API that records its requests.
pub(super) struct Upstream {
    pub(super) address: SocketAddr,
    received: Arc<Mutex<Vec<ReceivedRequest>>>,
}

impl Upstream {
    /// Starts an API with these routes. It reads each body before it responds.
    pub(super) async fn start(router: Router) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let received = Arc::<Mutex<Vec<ReceivedRequest>>>::default();
        let router = router.layer(from_fn_with_state(received.clone(), record));
        tokio::spawn(axum::serve(listener, router).into_future());
        Self { address, received }
    }

    /// Returns the requests so far.
    pub(super) fn received(&self) -> Vec<ReceivedRequest> {
        self.received.lock().unwrap().clone()
    }

    /// Starts a server that forwards these routes to the API's `/v1`.
    pub(super) async fn app(&self, routes: &[&str]) -> TestApp {
        app_for_upstream(self.address, routes, |_| ()).await
    }
}

async fn record(
    State(received): State<Arc<Mutex<Vec<ReceivedRequest>>>>,
    request: Request,
    next: Next,
) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 1 << 30).await.unwrap_or_default();
    received.lock().unwrap().push(ReceivedRequest {
        method: parts.method.clone(),
        target: parts.uri.to_string(),
        headers: parts.headers.clone(),
        body: body.to_vec(),
    });
    next.run(Request::from_parts(parts, Body::from(body))).await
}

/// More time than a test API needs, even on a busy machine.
pub(super) const TIMEOUT: Duration = Duration::from_secs(30);

/// Starts a server that forwards these routes to `/v1` at this address.
pub(super) async fn app_for_upstream(
    address: SocketAddr,
    routes: &[&str],
    change: impl FnOnce(&mut ApiSettings),
) -> TestApp {
    TestApp::start_with(|config, _| {
        let api = &mut config.settings.apis[0];
        api.upstream = format!("http://{address}/v1").parse().unwrap();
        api.routes = routes.iter().map(|route| route.parse().unwrap()).collect();
        api.timeout = TIMEOUT;
        change(api);
        let id = api.provider.clone();
        if id != "demo" {
            let other = Provider::discover(id, "https://other.example");
            let other = other.client("c", Secret::new("s")).own_callback();
            // The demo provider names itself in its responses.
            config.settings.providers[0].iss_required = true;
            config.settings.providers.push(other);
        }
    })
    .await
}

/// Starts a server that forwards to a TCP server, which need not speak HTTP: it
/// reads the head of each request and then runs `respond`.
pub(super) async fn app_for_tcp_upstream<F>(
    api_timeout: Duration,
    respond: impl Fn(TcpStream) -> F + Send + 'static,
) -> TestApp
where
    F: Future<Output = ()> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        loop {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut head = vec![0; 4096];
            let _ = stream.read(&mut head).await;
            tokio::spawn(respond(stream));
        }
    });
    app_for_upstream(address, &["* /*"], |api| api.timeout = api_timeout).await
}

/// Starts a server that forwards to a TCP server, which sends these bytes and
/// closes the connection.
pub(super) async fn app_for_response_bytes(bytes: &'static [u8]) -> TestApp {
    app_for_tcp_upstream(TIMEOUT, move |mut stream| async move {
        let _ = stream.write_all(bytes).await;
    })
    .await
}
