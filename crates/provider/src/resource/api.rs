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

/// The most that `/api/echo` sends back of a body, in bytes.
const ECHOED: usize = 4096;

/// Says what arrived, so that a caller sees what was put in and left out on
/// the way. Secrets are named, never repeated.
pub(crate) async fn echo(
    request: AuthorizedRequest,
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
            "token_type": request.scheme.as_str(),
            "client_id": request.client,
            "sub": request.user.subject,
            "scope": request.scope.to_string(),
            "exp": request.expires_at,
        },
    });
    request.respond(answer)
}

/// Says whose token it is.
pub(crate) async fn me(request: AuthorizedRequest) -> Result<Response, ResourceRejection> {
    request.require("profile")?;
    let answer = json!({
        "sub": request.user.subject,
        "username": request.user.username,
        "name": request.user.name,
        "client_id": request.client,
        "scope": request.scope.to_string(),
    });
    Ok(request.respond(answer))
}

/// The headers without the authorization and the proof that belongs to it,
/// and of cookies the names only.
fn described(headers: &HeaderMap) -> BTreeMap<String, Vec<String>> {
    let mut described: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, value) in headers {
        let value = String::from_utf8_lossy(value.as_bytes());
        let value = match *name {
            header::AUTHORIZATION | header::PROXY_AUTHORIZATION => continue,
            _ if name == "dpop" => continue,
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
