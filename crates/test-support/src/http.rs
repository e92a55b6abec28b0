//! Requests to the processes under trial, one connection for each.

use crate::Error;
use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode, header::HOST};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use std::{net::SocketAddr, time::Duration};
use tokio::{net::TcpStream, time::timeout};

/// How long an answer is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// An answer, read to its end.
#[derive(Clone, Debug)]
pub struct Response {
    /// Its status.
    pub status: StatusCode,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its body.
    pub body: Bytes,
}

impl Response {
    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON; null where it is none.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// The code of one of our errors; empty where it is none.
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    /// The value of a header; empty where there is none.
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.and_then(|value| value.to_str().ok()).unwrap_or("")
    }
}

/// An open connection.
pub struct Connection {
    to: SocketAddr,
    sender: SendRequest<Full<Bytes>>,
}

impl Connection {
    /// Opens one.
    ///
    /// # Errors
    /// When nobody listens.
    pub async fn open(to: SocketAddr) -> Result<Self, Error> {
        let stream = TcpStream::connect(to).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await.map_err(lost)?;
        // It ends with the sender, or tells the sender why it ended.
        tokio::spawn(async move { drop(connection.await) });
        Ok(Self { to, sender })
    }

    /// Sends a request and reads the answer to its end.
    ///
    /// # Errors
    /// When no whole answer comes.
    pub async fn send(&mut self, mut request: Request<Full<Bytes>>) -> Result<Response, Error> {
        let host = self.to.to_string().parse();
        let host = host.map_err(|_| Error::because("no host"))?;
        request.headers_mut().entry(HOST).or_insert(host);
        let exchange = async {
            let response = self.sender.send_request(request).await.map_err(lost)?;
            let (head, body) = response.into_parts();
            Ok(Response {
                status: head.status,
                headers: head.headers,
                body: body.collect().await.map_err(lost)?.to_bytes(),
            })
        };
        timeout(PATIENCE, exchange)
            .await
            .unwrap_or_else(|_| Err(Error::because("no answer")))
    }
}

fn lost(error: hyper::Error) -> Error {
    Error::because(format!("no answer: {error}"))
}

/// Sends a request on a connection of its own.
///
/// # Errors
/// When no whole answer comes.
pub async fn send(to: SocketAddr, request: Request<Full<Bytes>>) -> Result<Response, Error> {
    Connection::open(to).await?.send(request).await
}

/// A request with these headers and this body.
///
/// # Errors
/// When a header cannot be one.
pub fn request(
    method: Method,
    path: &str,
    headers: &[(&str, &str)],
    body: &str,
) -> Result<Request<Full<Bytes>>, Error> {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request
        .body(Full::new(Bytes::from(body.to_owned())))
        .map_err(|error| Error::because(error.to_string()))
}
