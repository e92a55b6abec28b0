//! Faulty responses.

use std::{io, time::Duration};

use axum::{
    body::{Body, Bytes, to_bytes},
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use futures::stream;
use tokio::time::sleep;

/// How long the provider waits after the first half of a truncated response,
/// so that the bytes are sent before it closes the connection.
const FLUSH: Duration = Duration::from_millis(50);
/// The number of pieces of a slow response.
const PIECES: usize = 20;

/// Closes the connection without sending a byte: the body fails before hyper
/// has written the head.
pub(super) fn closed_connection() -> Response {
    Body::from_stream(stream::iter([Err::<Bytes, _>(cut_off())])).into_response()
}

/// Returns an error, as an overloaded server sends it.
pub(super) fn error(status: u16, retry_after_s: Option<u64>) -> Response {
    let status = status_code(status);
    let reason = status.canonical_reason().unwrap_or("Error");
    let mut response = (status, reason).into_response();
    if let Some(seconds) = retry_after_s {
        let headers = response.headers_mut();
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// Returns an HTML page, as a gateway or a captive portal sends it.
pub(super) fn html_page(status: u16) -> Response {
    let page = "<!doctype html><title>One moment</title>\
                <h1>One moment</h1><p>This is a page, not the response.</p>";
    (status_code(status), Html(page)).into_response()
}

/// Sends the first half of `response` with the length of the whole.
pub(super) async fn truncated(response: Response) -> Response {
    let (mut parts, bytes) = read(response).await;
    let length = HeaderValue::from(bytes.len());
    parts.headers.insert(header::CONTENT_LENGTH, length);
    let first = bytes.slice(..bytes.len() / 2);
    let pieces = stream::unfold(Some(first), |first| async {
        match first {
            Some(first) => Some((Ok(first), None)),
            None => {
                sleep(FLUSH).await;
                Some((Err(cut_off()), None))
            }
        }
    });
    Response::from_parts(parts, Body::from_stream(pieces))
}

/// Sends `response` in pieces over `duration`.
pub(super) async fn slow_drip(response: Response, duration: Duration) -> Response {
    let (parts, bytes) = read(response).await;
    let size = bytes.len().div_ceil(PIECES).max(1);
    let pause = duration / u32::try_from(PIECES).unwrap_or(1);
    let pieces = stream::unfold(bytes, move |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        sleep(pause).await;
        let piece = rest.split_to(size.min(rest.len()));
        Some((Ok::<_, io::Error>(piece), rest))
    });
    Response::from_parts(parts, Body::from_stream(pieces))
}

async fn read(response: Response) -> (axum::http::response::Parts, Bytes) {
    let (parts, body) = response.into_parts();
    // The provider's own responses are in memory already, so no limit is needed.
    let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
    (parts, bytes)
}

fn status_code(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

fn cut_off() -> io::Error {
    io::Error::other("the response was cut off by an injected fault")
}
