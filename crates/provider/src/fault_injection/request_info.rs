//! What a fault plan must know about a request.

use axum::{
    body::{Body, Bytes, to_bytes},
    extract::Request,
    http::{HeaderMap, StatusCode, header},
};

use crate::{
    client_authentication::claimed_id,
    faults::plan::RequestInfo,
    oauth::{
        form::{MAX_BODY_SIZE, is_form},
        parameters::Parameters,
    },
    provider::Provider,
};

/// Reads the client and grant type that `request` names, unauthenticated.
/// Returns the request with its body restored.
pub(super) async fn read(
    provider: &Provider,
    endpoint: &'static str,
    request: Request,
) -> Result<(RequestInfo, Request), StatusCode> {
    let (parts, body) = request.into_parts();
    let (form, body) = if is_form(&parts.headers) {
        let bytes = to_bytes(body, MAX_BODY_SIZE).await;
        let bytes: Bytes = bytes.map_err(|_| StatusCode::PAYLOAD_TOO_LARGE)?;
        (Parameters::parse(&bytes), Body::from(bytes))
    } else {
        (Parameters::default(), body)
    };
    let query = Parameters::parse(parts.uri.query().unwrap_or_default().as_bytes());
    let client = claimed_id(&parts.headers, &form)
        .or_else(|| query.get("client_id").map(str::to_owned))
        .or_else(|| token_client(provider, &parts.headers));
    let info = RequestInfo {
        endpoint,
        client,
        grant_type: form.get("grant_type").map(str::to_owned),
    };
    Ok((info, Request::from_parts(parts, body)))
}

/// Returns the client that the presented access token was issued to.
fn token_client(provider: &Provider, headers: &HeaderMap) -> Option<String> {
    let value = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (_, token) = value.split_once(' ')?;
    provider.read(|state, _| {
        let family = state.records.families.of_token(token.trim())?;
        Some(family.client.clone())
    })
}
