//! The demo API: `/api/echo` and `/api/me`.

use std::collections::BTreeMap;

use axum::{
    body::Bytes,
    extract::OriginalUri,
    http::{HeaderMap, Method, header},
    response::Response,
};
use serde_json::json;

use super::{authorized_request::AuthorizedRequest, rejection::ResourceRejection};

/// The number of body bytes that `/api/echo` returns at most.
const MAX_ECHOED_BYTES: usize = 4096;

/// Describes the request, so that a caller sees what a proxy added and removed.
/// Does not repeat tokens, proofs and cookie values.
pub(crate) async fn echo(
    request: AuthorizedRequest,
    method: Method,
    OriginalUri(uri): OriginalUri,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let echoed = &body[..body.len().min(MAX_ECHOED_BYTES)];
    let description = json!({
        "method": method.as_str(),
        "path": uri.path(),
        "query": uri.query(),
        "headers": without_secrets(&headers),
        "body": {
            "size": body.len(),
            "text": String::from_utf8_lossy(echoed),
            "complete": echoed.len() == body.len(),
        },
        "token": {
            "token_type": request.scheme.as_str(),
            "client_id": request.client,
            "sub": request.user.subject,
            "scope": request.scope.to_string(),
            "exp": request.expires_at,
        },
    });
    request.respond(description)
}

/// Describes the user and client of the token.
pub(crate) async fn me(request: AuthorizedRequest) -> Result<Response, ResourceRejection> {
    request.require("profile")?;
    let description = json!({
        "sub": request.user.subject,
        "username": request.user.username,
        "name": request.user.name,
        "client_id": request.client,
        "scope": request.scope.to_string(),
    });
    Ok(request.respond(description))
}

/// Returns the headers without the token and its proof, and only the names of
/// cookies.
fn without_secrets(headers: &HeaderMap) -> BTreeMap<String, Vec<String>> {
    let mut shown: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in headers {
        let value = String::from_utf8_lossy(value.as_bytes());
        let value = match *name {
            header::AUTHORIZATION | header::PROXY_AUTHORIZATION => continue,
            _ if name == "dpop" => continue,
            header::COOKIE => cookie_names(&value),
            _ => value.into_owned(),
        };
        shown
            .entry(name.as_str().to_owned())
            .or_default()
            .push(value);
    }
    shown
}

fn cookie_names(value: &str) -> String {
    let names = value.split(';').filter_map(|pair| pair.split('=').next());
    names.map(str::trim).collect::<Vec<_>>().join("; ")
}
