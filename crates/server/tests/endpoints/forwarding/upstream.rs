//! An API of our own making, on a port of its own.

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

/// What a request was, as it arrived.
#[derive(Clone, Debug)]
pub(super) struct Heard {
    pub(super) method: Method,
    pub(super) target: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

impl Heard {
    /// The token that came with it.
    #[track_caller]
    pub(super) fn token(&self) -> &str {
        let value = self.headers["authorization"].to_str().unwrap();
        value.strip_prefix("Bearer ").unwrap()
    }
}

/// An API that remembers what it heard.
pub(super) struct Upstream {
    pub(super) address: SocketAddr,
    heard: Arc<Mutex<Vec<Heard>>>,
}

impl Upstream {
    /// One that answers so. Bodies are read whole before they are answered.
    pub(super) async fn start(router: Router) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let heard = Arc::<Mutex<Vec<Heard>>>::default();
        let router = router.layer(from_fn_with_state(heard.clone(), hear));
        tokio::spawn(axum::serve(listener, router).into_future());
        Self { address, heard }
    }

    pub(super) fn heard(&self) -> Vec<Heard> {
        self.heard.lock().unwrap().clone()
    }

    /// A server that forwards to it: these routes, under `/v1`.
    pub(super) async fn behind(&self, routes: &[&str]) -> TestApp {
        app_before(self.address, routes, |_| ()).await
    }
}

async fn hear(
    State(heard): State<Arc<Mutex<Vec<Heard>>>>,
    request: Request,
    next: Next,
) -> Response {
    let (parts, body) = request.into_parts();
    let body = to_bytes(body, 1 << 30).await.unwrap_or_default();
    heard.lock().unwrap().push(Heard {
        method: parts.method.clone(),
        target: parts.uri.to_string(),
        headers: parts.headers.clone(),
        body: body.to_vec(),
    });
    next.run(Request::from_parts(parts, Body::from(body))).await
}

/// More than any API of ours takes, whatever else the machine does.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);

/// A server that forwards these routes to `/v1` at this address.
pub(super) async fn app_before(
    address: SocketAddr,
    routes: &[&str],
    change: impl FnOnce(&mut ApiSettings),
) -> TestApp {
    TestApp::start_with(|config, _| {
        let api = &mut config.settings.apis[0];
        api.upstream = format!("http://{address}/v1").parse().unwrap();
        api.routes = routes.iter().map(|route| route.parse().unwrap()).collect();
        api.timeout = PATIENCE;
        change(api);
        let id = api.provider.clone();
        if id != "demo" {
            let other = Provider::discover(id, "https://other.example");
            let other = other.client("c", Secret::new("s"));
            config.settings.providers.push(other);
        }
    })
    .await
}

/// A server with so much patience before something that speaks TCP and need
/// not speak HTTP: it reads the head of each request, and then says what it
/// likes.
pub(super) async fn app_before_raw<F>(
    patience: Duration,
    speak: impl Fn(TcpStream) -> F + Send + 'static,
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
            tokio::spawn(speak(stream));
        }
    });
    app_before(address, &["* /*"], |api| api.timeout = patience).await
}

/// The same, saying these bytes and closing.
pub(super) async fn app_before_words(words: &'static [u8]) -> TestApp {
    app_before_raw(PATIENCE, move |mut stream| async move {
        let _ = stream.write_all(words).await;
    })
    .await
}
