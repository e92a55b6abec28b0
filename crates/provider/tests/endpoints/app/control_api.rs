//! Requests to the control API.

use std::net::SocketAddr;

use axum::{
    body::Body,
    extract::ConnectInfo,
    http::{Method, Request},
};
use serde_json::Value;

use super::{TestApp, TestResponse};

impl TestApp {
    /// Sends a request from a program on the provider's machine.
    pub(crate) async fn control(&self, method: Method, path: &str, body: Value) -> TestResponse {
        self.send(control_request(method, path, &body)).await
    }

    /// Returns one field of all entries in the decision log.
    pub(crate) async fn logged(&self, field: &str) -> Vec<Value> {
        let log = self.get("/demo/decisions").await.json();
        let entries = log.as_array().unwrap().iter();
        entries.map(|entry| entry[field].clone()).collect()
    }
}

/// Returns a request from a program on the provider's machine.
pub(crate) fn control_request(method: Method, path: &str, body: &Value) -> Request<Body> {
    let here: SocketAddr = "127.0.0.1:9".parse().unwrap();
    Request::builder()
        .method(method)
        .uri(path)
        .header("x-demo", "1")
        .extension(ConnectInfo(here))
        .body(Body::from(body.to_string()))
        .unwrap()
}
