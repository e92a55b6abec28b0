//! Answers that are none: no bytes, half of them, or one drop at a time.

use std::{io, time::Duration};

use axum::{
    body::{Body, Bytes, to_bytes},
    http::{HeaderValue, StatusCode, header},
    response::{Html, IntoResponse, Response},
};
use futures::stream;
use tokio::time::sleep;

/// How long the first half of a truncated answer has to get onto the wire
/// before the connection is closed behind it.
const FLUSH: Duration = Duration::from_millis(50);
/// How many pieces a dripping answer comes in.
const PIECES: usize = 20;

/// Closes the connection with no byte sent: the server notices that the body
/// failed before it has written the head.
pub(super) fn closed_connection() -> Response {
    Body::from_stream(stream::iter([Err::<Bytes, _>(cut_off())])).into_response()
}

/// An error as a server in trouble sends it.
pub(super) fn error(status: u16, retry_after_s: Option<u64>) -> Response {
    let status = status_code(status);
    let description = status.canonical_reason().unwrap_or("Error");
    let mut response = (status, description).into_response();
    if let Some(seconds) = retry_after_s {
        let headers = response.headers_mut();
        headers.insert(header::RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// A page as a gateway or a hotel's network puts it in an answer's place.
pub(super) fn html_page(status: u16) -> Response {
    let page = "<!doctype html><title>One moment</title>\
                <h1>One moment</h1><p>This is a page, not the answer.</p>";
    (status_code(status), Html(page)).into_response()
}

/// The first half of `response`, under a length that promises the whole.
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

/// All of `response`, in drops over this time.
pub(super) async fn slow_drip(response: Response, time: Duration) -> Response {
    let (parts, bytes) = read(response).await;
    let size = bytes.len().div_ceil(PIECES).max(1);
    let pause = time / u32::try_from(PIECES).unwrap_or(1);
    let drops = stream::unfold(bytes, move |mut rest| async move {
        if rest.is_empty() {
            return None;
        }
        sleep(pause).await;
        let drop = rest.split_to(size.min(rest.len()));
        Some((Ok::<_, io::Error>(drop), rest))
    });
    Response::from_parts(parts, Body::from_stream(drops))
}

async fn read(response: Response) -> (axum::http::response::Parts, Bytes) {
    let (parts, body) = response.into_parts();
    // Our own answers lie in memory already, so there is no limit to keep.
    let bytes = to_bytes(body, usize::MAX).await.unwrap_or_default();
    (parts, bytes)
}

fn status_code(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

fn cut_off() -> io::Error {
    io::Error::other("cut off on purpose")
}
