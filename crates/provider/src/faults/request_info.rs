//! Whom a request is from, before anybody has checked it.

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::Request,
    http::{HeaderMap, StatusCode, header},
};

use super::plan::RequestInfo;
use crate::{
    oauth::parameters::{Parameters, is_form},
    provider::Provider,
    router::LARGEST_BODY,
    token::client_authentication::claimed_id,
};

/// Reads what a plan needs to know of `request`, and puts the request
/// together again.
pub(super) async fn read(
    provider: &Provider,
    endpoint: &'static str,
    request: Request,
) -> Result<(RequestInfo, Request), StatusCode> {
    let (parts, body) = request.into_parts();
    let (form, body) = match is_form(&parts.headers) {
        true => {
            let bytes = to_bytes(body, LARGEST_BODY).await;
            let bytes: Bytes = bytes.map_err(|_| StatusCode::PAYLOAD_TOO_LARGE)?;
            (Parameters::parse(&bytes), Body::from(bytes))
        }
        false => (Parameters::default(), body),
    };
    let query = Parameters::parse(parts.uri.query().unwrap_or_default().as_bytes());
    let client = claimed_id(&parts.headers, &form)
        .or_else(|| query.get("client_id").map(str::to_owned))
        .or_else(|| token_client(provider, &parts.headers));
    let call = RequestInfo {
        endpoint,
        client,
        grant_type: form.get("grant_type").map(str::to_owned),
    };
    Ok((call, Request::from_parts(parts, body)))
}

/// The client that a bearer token was given to.
fn token_client(provider: &Provider, headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (_, token) = value.split_once(' ')?;
    provider.read(|state, _| {
        let family = state.records.family_of(token.trim())?;
        Some(family.client.clone())
    })
}
