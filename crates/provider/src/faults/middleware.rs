//! The layer around the endpoints that lets requests go wrong.

use std::time::Duration;

use axum::{
    extract::{Request, State},
    http::Method,
    middleware::Next,
    response::{IntoResponse, Response},
};
use tokio::time::sleep;

use super::{
    plan::RequestInfo,
    request_info, response,
    rule::{Fault, FaultTiming},
    without_cors::mark,
};
use crate::{
    decision_log::{DecisionEvent, EventKind},
    endpoints::endpoint,
    provider::Provider,
};

/// Answers the request, or lets it go wrong as planned.
pub(crate) async fn inject_faults(
    State(provider): State<Provider>,
    request: Request,
    next: Next,
) -> Response {
    let planned = provider.settings(|settings| !settings.faults.is_empty());
    let endpoint = endpoint(request.uri().path());
    // A preflight is the browser's own, and no part of what a client does.
    let endpoint = endpoint.filter(|_| planned && request.method() != Method::OPTIONS);
    let Some(endpoint) = endpoint else {
        return next.run(request).await;
    };
    let (call, request) = match request_info::read(&provider, endpoint, request).await {
        Ok(read) => read,
        Err(status) => return status.into_response(),
    };
    let fault = provider.settings(|settings| settings.faults.next_fault(&call));
    match fault {
        Some(fault) if fault.timing() == FaultTiming::BeforeCommit => {
            log_fault(&provider, &call, fault);
            match fault {
                Fault::Delay { ms, .. } => {
                    sleep(Duration::from_millis(ms)).await;
                    next.run(request).await
                }
                _ => apply_to_response(fault, response::closed_connection()).await,
            }
        }
        Some(fault) => {
            let response = next.run(request).await;
            log_fault(&provider, &call, fault);
            apply_to_response(fault, response).await
        }
        None => next.run(request).await,
    }
}

/// What is sent in the place of the answer to a request that was `processed`.
async fn apply_to_response(fault: Fault, processed: Response) -> Response {
    match fault {
        Fault::Delay { ms, .. } => {
            sleep(Duration::from_millis(ms)).await;
            processed
        }
        Fault::Status {
            status,
            retry_after_s,
            ..
        } => response::error(status, retry_after_s),
        Fault::Html { status, .. } => response::html_page(status),
        Fault::Close { .. } => response::closed_connection(),
        Fault::Truncated {} => response::truncated(processed).await,
        Fault::SlowDrip { over_ms } => {
            response::slow_drip(processed, Duration::from_millis(over_ms)).await
        }
        Fault::WithoutCors {} => mark(processed),
    }
}

pub(super) fn log_fault(provider: &Provider, call: &RequestInfo, fault: Fault) {
    // Never a caller's text: only the names of clients that there are.
    let client = call.client.as_deref().unwrap_or_default();
    let client = provider.config().client(client);
    let (reason, description) = fault.log_entry();
    let decided = DecisionEvent {
        about: EventKind::Fault,
        client: client.map_or("anybody", |client| &client.id).to_owned(),
        endpoint: Some(call.endpoint),
        family: None,
        generation: None,
        outcome: "fault",
        reason,
        description,
    };
    provider.note(|state, now| state.decisions.record(now, decided));
}
