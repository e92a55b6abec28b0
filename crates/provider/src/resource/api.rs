//! The demo API: `/api/echo` and `/api/me`.

use std::collections::BTreeMap;

use axum::{
    Json,
    body::Bytes,
    extract::OriginalUri,
    http::{HeaderMap, Method, header},
    response::{IntoResponse, Response},
};
use serde_json::json;

use super::bearer::{Bearer, BearerError};

/// The most that `/api/echo` sends back of a body, in bytes.
const ECHOED: usize = 4096;

/// Says what arrived, so that a caller sees what was put in and left out on
/// the way. Secrets are named, never repeated.
pub(crate) async fn echo(
    bearer: Bearer,
    method: Method,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let echoed = &body[..body.len().min(ECHOED)];
    let answer = json!({
        "method": method.as_str(),
        "path": uri.path(),
        "query": uri.query(),
        "headers": described(&headers),
        "body": {
            "size": body.len(),
            "text": String::from_utf8_lossy(echoed),
            "complete": echoed.len() == body.len(),
        },
        "token": {
            "client_id": bearer.client,
            "sub": bearer.person.subject,
            "scope": bearer.scope.to_string(),
            "exp": bearer.expires_at,
        },
    });
    ([(header::CACHE_CONTROL, "no-store")], Json(answer)).into_response()
}

/// Says whose token it is.
pub(crate) async fn me(bearer: Bearer) -> Result<Response, BearerError> {
    bearer.require("profile")?;
    let answer = json!({
        "sub": bearer.person.subject,
        "username": bearer.person.username,
        "name": bearer.person.name,
        "client_id": bearer.client,
        "scope": bearer.scope.to_string(),
    });
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(answer)).into_response())
}

/// The headers without the authorization, and of cookies the names only.
fn described(headers: &HeaderMap) -> BTreeMap<String, Vec<String>> {
    let mut described: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in headers {
        let value = String::from_utf8_lossy(value.as_bytes());
        let value = match *name {
            header::AUTHORIZATION | header::PROXY_AUTHORIZATION => continue,
            header::COOKIE => cookie_names(&value),
            _ => value.into_owned(),
        };
        described
            .entry(name.as_str().to_owned())
            .or_default()
            .push(value);
    }
    described
}

fn cookie_names(value: &str) -> String {
    let names = value.split(';').filter_map(|pair| pair.split('=').next());
    names.map(str::trim).collect::<Vec<_>>().join("; ")
}
