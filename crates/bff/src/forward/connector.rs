//! Connections to APIs: directly, or through the proxy that the environment
//! names (`HTTPS_PROXY`, `NO_PROXY`).

use confidant_protocol::loopback::is_loopback;
use http::Uri;
use hyper_util::{
    client::{
        legacy::connect::{HttpConnector, proxy::Tunnel},
        proxy::matcher::Matcher,
    },
    rt::TokioIo,
};
use std::{
    error::Error,
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
};
use tokio::net::TcpStream;
use tower_service::Service;

type BoxError = Box<dyn Error + Send + Sync>;
type Connecting = Pin<Box<dyn Future<Output = Result<TokioIo<TcpStream>, BoxError>> + Send>>;

/// Opens connections.
#[derive(Clone)]
pub(super) struct Connector {
    tcp: HttpConnector,
    proxies: Arc<Matcher>,
}

impl Connector {
    /// Connects with `tcp`, through these proxies.
    pub(super) fn new(tcp: HttpConnector, proxies: Matcher) -> Self {
        let proxies = Arc::new(proxies);
        Self { tcp, proxies }
    }
}

impl Service<Uri> for Connector {
    type Response = TokioIo<TcpStream>;
    type Error = BoxError;
    type Future = Connecting;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.tcp.poll_ready(context).map_err(Into::into)
    }

    fn call(&mut self, to: Uri) -> Connecting {
        // A proxy elsewhere cannot reach this machine. A request in plain http is
        // for a network that is trusted, which no proxy is part of.
        let is_direct = to.scheme_str() != Some("https") || to.host().is_some_and(is_loopback);
        let proxy = self.proxies.intercept(&to).filter(|_| !is_direct);
        let Some(proxy) = proxy else {
            let connecting = self.tcp.call(to);
            return Box::pin(async move { Ok(connecting.await?) });
        };
        let mut tunnel = Tunnel::new(proxy.uri().clone(), self.tcp.clone());
        if let Some(credentials) = proxy.basic_auth() {
            tunnel = tunnel.with_auth(credentials.clone());
        }
        Box::pin(async move { Ok(tunnel.call(to).await?) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::{
        io::{AsyncReadExt as _, AsyncWriteExt as _},
        net::TcpListener,
        task::JoinHandle,
    };

    /// A proxy that opens one tunnel, and returns the request for it.
    async fn proxy() -> (String, JoinHandle<String>) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://user:pass@{}", listener.local_addr().unwrap());
        let request = tokio::spawn(async move {
            let (mut connection, _) = listener.accept().await.unwrap();
            let mut head = vec![0; 1024];
            let length = connection.read(&mut head).await.unwrap();
            connection
                .write_all(b"HTTP/1.1 200 OK\r\n\r\n")
                .await
                .unwrap();
            String::from_utf8_lossy(&head[..length]).into_owned()
        });
        (address, request)
    }

    fn connector(proxies: Matcher) -> Connector {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        Connector::new(tcp, proxies)
    }

    #[tokio::test]
    async fn b10_https_goes_through_the_proxy_that_is_named() {
        let (address, request) = proxy().await;
        let proxies = Matcher::builder().https(address).build();
        let to = Uri::from_static("https://api.invalid/orders");
        connector(proxies).call(to).await.unwrap();
        let request = request.await.unwrap();
        assert!(
            request.starts_with("CONNECT api.invalid:443 HTTP/1.1\r\n"),
            "{request}"
        );
        let credentials = "Proxy-Authorization: Basic dXNlcjpwYXNz";
        let has_credentials = request.to_lowercase().contains(&credentials.to_lowercase());
        assert!(has_credentials, "{request}");
    }

    #[tokio::test]
    async fn b10_this_machine_is_reached_directly() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        // Nothing listens on the port of the discard protocol.
        let proxies = || Matcher::builder().all("http://127.0.0.1:9");
        for host in ["127.0.0.1", "localhost"] {
            let to = format!("https://{host}:{port}/").parse().unwrap();
            connector(proxies().build()).call(to).await.unwrap();
        }
        let to = Uri::from_static("https://api.invalid/");
        assert!(connector(proxies().build()).call(to).await.is_err());
    }
}
