//! HTTP requests to the processes under test, over connections that the test
//! opens itself.

use crate::{Error, process::Process};
use bytes::Bytes;
use http::{HeaderMap, Method, Request, StatusCode, header::HOST};
use http_body_util::{BodyExt, Full};
use hyper::client::conn::http1::{SendRequest, handshake};
use hyper_util::rt::TokioIo;
use serde_json::Value;
use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};
use tokio::{
    net::TcpStream,
    time::{sleep, timeout},
};

/// How long a response may take.
const RESPONSE_LIMIT: Duration = Duration::from_secs(60);
/// How long a process may take until it responds for the first time.
const START_LIMIT: Duration = Duration::from_secs(30);

/// A response with its whole body.
#[derive(Clone, Debug)]
pub struct Response {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

impl Response {
    /// Returns the body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// Returns the body as JSON, or null if it is not JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// Returns the code of an error response of the application, or an empty
    /// string if the response is not one.
    pub fn code(&self) -> String {
        self.json()["code"].as_str().unwrap_or_default().to_owned()
    }

    /// Returns the value of a header, or an empty string if it is missing.
    pub fn header(&self, name: &str) -> &str {
        let value = self.headers.get(name);
        value.and_then(|value| value.to_str().ok()).unwrap_or("")
    }
}

/// An open connection.
pub struct Connection {
    server: SocketAddr,
    sender: SendRequest<Full<Bytes>>,
}

impl Connection {
    /// Connects to a server.
    ///
    /// # Errors
    /// If the server refuses.
    pub async fn open(server: SocketAddr) -> Result<Self, Error> {
        let stream = TcpStream::connect(server).await?;
        stream.set_nodelay(true)?;
        let (sender, connection) = handshake(TokioIo::new(stream)).await.map_err(no_response)?;
        // Ends when the sender is dropped. The sender reports its errors.
        tokio::spawn(async move { drop(connection.await) });
        Ok(Self { server, sender })
    }

    /// Sends a request and reads the whole response.
    ///
    /// # Errors
    /// If the connection ends, or the limit of 60 seconds passes, before that.
    pub async fn send(&mut self, mut request: Request<Full<Bytes>>) -> Result<Response, Error> {
        let host = self.server.to_string().parse();
        let host = host.map_err(|_| Error::message("the address is not a valid Host header"))?;
        request.headers_mut().entry(HOST).or_insert(host);
        let exchange = async {
            let response = self.sender.send_request(request).await;
            let (head, body) = response.map_err(no_response)?.into_parts();
            Ok(Response {
                status: head.status,
                headers: head.headers,
                body: body.collect().await.map_err(no_response)?.to_bytes(),
            })
        };
        timeout(RESPONSE_LIMIT, exchange)
            .await
            .unwrap_or_else(|_| Err(Error::message("no response within 60 s")))
    }
}

fn no_response(error: hyper::Error) -> Error {
    Error::message(format!("no response: {error}"))
}

/// Sends a request on a new connection.
///
/// # Errors
/// If no complete response arrives.
pub async fn send(server: SocketAddr, request: Request<Full<Bytes>>) -> Result<Response, Error> {
    Connection::open(server).await?.send(request).await
}

/// Builds a request with these headers and this body.
///
/// # Errors
/// If the path or a header is not valid.
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
        .map_err(|error| Error::message(error.to_string()))
}

/// Waits until a process that has just been started answers a GET request for
/// `path` with a success.
///
/// # Errors
/// If the process ends, or 30 seconds pass, before that. The error contains its
/// log.
pub async fn wait_until_ready(
    process: &mut Process,
    server: SocketAddr,
    path: &str,
) -> Result<(), Error> {
    let deadline = Instant::now() + START_LIMIT;
    loop {
        let response = send(server, request(Method::GET, path, &[], "")?).await;
        if response.is_ok_and(|response| response.status.is_success()) {
            return Ok(());
        }
        if Instant::now() > deadline || process.exit_status().is_some() {
            return Err(Error::message(format!(
                "no successful response from {server}: {}",
                process.log()
            )));
        }
        sleep(Duration::from_millis(20)).await;
    }
}
