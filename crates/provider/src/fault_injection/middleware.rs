//! The middleware that injects faults.

use std::time::Duration;

use axum::{
    extract::{Request, State},
    http::Method,
    middleware::Next,
    response::{IntoResponse, Response},
};
use tokio::time::sleep;

use super::{log::log_fault, request_info, response, without_cors::without_cors};
use crate::{
    endpoints::endpoint,
    faults::rule::{Fault, FaultTiming},
    provider::Provider,
};

/// Handles the request, or injects the fault that the plan has for it.
pub(crate) async fn inject_faults(
    State(provider): State<Provider>,
    request: Request,
    next: Next,
) -> Response {
    let has_rules = provider.settings(|settings| !settings.faults.is_empty());
    let endpoint = endpoint(request.uri().path());
    // The browser sends preflights by itself, so rules about a client's
    // requests do not apply to them.
    let endpoint = endpoint.filter(|_| has_rules && request.method() != Method::OPTIONS);
    let Some(endpoint) = endpoint else {
        return next.run(request).await;
    };
    let (info, request) = match request_info::read(&provider, endpoint, request).await {
        Ok(read) => read,
        Err(status) => return status.into_response(),
    };
    let fault = provider.settings(|settings| settings.faults.next_fault(&info));
    match fault {
        Some(fault) if fault.timing() == FaultTiming::BeforeCommit => {
            log_fault(&provider, &info, fault);
            match fault {
                Fault::Delay { ms, .. } => {
                    sleep(Duration::from_millis(ms)).await;
                    next.run(request).await
                }
                _ => replace_response(fault, response::closed_connection()).await,
            }
        }
        Some(fault) => {
            let processed = next.run(request).await;
            log_fault(&provider, &info, fault);
            replace_response(fault, processed).await
        }
        None => next.run(request).await,
    }
}

/// Returns the faulty response to a request whose proper response is
/// `processed`.
async fn replace_response(fault: Fault, processed: Response) -> Response {
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
        Fault::WithoutCors {} => without_cors(processed),
    }
}
