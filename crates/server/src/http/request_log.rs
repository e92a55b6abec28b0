//! The outermost middleware. It logs each request, and refuses request targets
//! without a path, because everything behind it expects one.

use crate::logging::ACCESS_TARGET;
use axum::{
    extract::Request,
    http::{Method, StatusCode},
    middleware::Next,
    response::Response,
};
use confidant_bff::{ClientAddress, axum::problem_response};
use confidant_wire::{Code, Problem};
use std::time::Instant;

/// The longest path that is logged, in bytes: strangers choose it.
const PATH_LIMIT: usize = 200;

/// Handles the request and logs its method, path, client, status and duration.
/// Does not log the query: the callback page's contains the authorization code.
pub async fn log(request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = request.method().clone();
    let path = request.uri().path();
    let (path, has_path) = (shortened(path).to_owned(), path.starts_with('/'));
    let client = request.extensions().get::<ClientAddress>().copied();
    let response = if has_path {
        next.run(request).await
    } else {
        // `CONNECT host:port` and `OPTIONS *` are for proxies (RFC 9112,
        // section 3.2).
        problem_response(Problem::new(
            Code::BadRequest,
            "This server responds only to requests for a path.",
        ))
    };
    write(&method, &path, client, response.status(), began);
    response
}

/// Returns the beginning of a path that is too long to be logged.
fn shortened(path: &str) -> &str {
    let end = path.floor_char_boundary(PATH_LIMIT);
    path.get(..end).unwrap_or(path)
}

fn write(
    method: &Method,
    path: &str,
    client: Option<ClientAddress>,
    status: StatusCode,
    began: Instant,
) {
    let client = client.map(|client| tracing::field::display(client.0));
    let took_ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX);
    let status_code = status.as_u16();
    if status.is_server_error() {
        tracing::warn!(target: ACCESS_TARGET, %method, path, client, status = status_code, took_ms, "request");
    } else if path.starts_with("/pkg/") || matches!(path, "/livez") {
        tracing::debug!(target: ACCESS_TARGET, %method, path, client, status = status_code, took_ms, "request");
    } else {
        tracing::info!(target: ACCESS_TARGET, %method, path, client, status = status_code, took_ms, "request");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_path_is_cut_between_two_characters() {
        assert_eq!(shortened("/short"), "/short");
        assert_eq!(shortened(&"a".repeat(70_000)).len(), PATH_LIMIT);
        assert_eq!(shortened(&"ü".repeat(199)).len(), PATH_LIMIT);
        let odd = format!("/{}", "ü".repeat(199));
        assert_eq!(shortened(&odd).len(), PATH_LIMIT - 1);
    }
}
