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
    answer, call,
    plan::Call,
    rule::{Fault, Moment},
    without_cors::marked,
};
use crate::{
    demo::decisions::{About, Decided},
    endpoints::endpoint,
    provider::Provider,
};

/// Answers the request, or lets it go wrong as planned.
pub(crate) async fn faults(
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
    let (call, request) = match call::read(&provider, endpoint, request).await {
        Ok(read) => read,
        Err(status) => return status.into_response(),
    };
    let fault = provider.settings(|settings| settings.faults.strike(&call));
    match fault {
        Some(fault) if fault.moment() == Moment::BeforeCommit => {
            log(&provider, &call, fault);
            match fault {
                Fault::Delay { ms, .. } => {
                    sleep(Duration::from_millis(ms)).await;
                    next.run(request).await
                }
                _ => spoil(fault, answer::none()).await,
            }
        }
        Some(fault) => {
            let response = next.run(request).await;
            log(&provider, &call, fault);
            spoil(fault, response).await
        }
        None => next.run(request).await,
    }
}

/// What is sent in the place of the answer to a request that was `processed`.
async fn spoil(fault: Fault, processed: Response) -> Response {
    match fault {
        Fault::Delay { ms, .. } => {
            sleep(Duration::from_millis(ms)).await;
            processed
        }
        Fault::Status {
            status,
            retry_after_s,
            ..
        } => answer::error(status, retry_after_s),
        Fault::Html { status, .. } => answer::page(status),
        Fault::Close { .. } => answer::none(),
        Fault::Truncated {} => answer::half(processed).await,
        Fault::SlowDrip { over_ms } => {
            answer::drops(processed, Duration::from_millis(over_ms)).await
        }
        Fault::WithoutCors {} => marked(processed),
    }
}

pub(super) fn log(provider: &Provider, call: &Call, fault: Fault) {
    // Never a caller's text: only the names of clients that there are.
    let client = call.client.as_deref().unwrap_or_default();
    let client = provider.config().client(client);
    let (reason, description) = fault.told();
    let decided = Decided {
        about: About::Fault,
        client: client.map_or("anybody", |client| &client.id).to_owned(),
        endpoint: Some(call.endpoint),
        family: None,
        generation: None,
        outcome: "fault",
        reason,
        description,
    };
    provider.note(|state, now| state.decisions.add(now, decided));
}
