//! Response bodies on their way to the browser, streamed.

use super::api_exchange::ApiExchange;
use crate::settings::Api;
use bytes::Bytes;
use http::{HeaderMap, header::CONTENT_TYPE};
use http_body::{Body, Frame, SizeHint};
use hyper::body::Incoming;
use std::{
    future::Future,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};
use tokio::time::{Instant, Sleep, sleep};

/// The body of a forwarded response. It is streamed, not buffered.
pub struct ResponseBody {
    api: Arc<str>,
    body: Incoming,
    idle: Option<Duration>,
    silence: Option<Pin<Box<Sleep>>>,
    is_silent: bool,
    /// Recorded as finished when the body is dropped.
    _leg: Option<ApiExchange>,
}

/// The response ended early. The status has been sent already, so the browser
/// sees a connection that closes early.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// The API closed the connection.
    #[error("the API broke off in the middle of its answer")]
    Lost,
    /// The API sent nothing for longer than it may.
    #[error("the API fell silent in the middle of its answer")]
    Silent,
}

/// Returns how long this response may be quiet. An event stream may be quiet for
/// as long as nothing happens.
pub(super) fn idle_limit(api: &Api, headers: &HeaderMap) -> Option<Duration> {
    let media_type = headers
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let media_type = media_type.and_then(|value| value.split(';').next());
    let is_event_stream =
        media_type.is_some_and(|value| value.trim().eq_ignore_ascii_case("text/event-stream"));
    (!is_event_stream).then(|| api.idle.unwrap_or(api.timeout))
}

impl ResponseBody {
    /// Wraps the body of an API's response. `idle` limits the time between two
    /// chunks.
    pub(super) fn new(
        body: Incoming,
        api: &Arc<str>,
        idle: Option<Duration>,
        leg: Option<ApiExchange>,
    ) -> Self {
        Self {
            api: api.clone(),
            body,
            idle,
            silence: None,
            is_silent: false,
            _leg: leg,
        }
    }

    /// Completes when the API has sent nothing for too long.
    fn poll_silence(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let Some(idle) = self.idle else {
            return Poll::Pending;
        };
        // Counted from the first poll that found no data, so that a browser
        // that reads slowly does not count as an API that sends nothing.
        let end = Instant::now() + idle;
        let silence = self.silence.get_or_insert_with(|| Box::pin(sleep(idle)));
        if !std::mem::replace(&mut self.is_silent, true) {
            silence.as_mut().reset(end);
        }
        silence.as_mut().poll(context)
    }
}

impl Body for ResponseBody {
    type Data = Bytes;
    type Error = BodyError;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BodyError>>> {
        let this = self.get_mut();
        let Poll::Ready(frame) = Pin::new(&mut this.body).poll_frame(context) else {
            return this.poll_silence(context).map(|()| {
                tracing::warn!(api = %this.api, "{}", BodyError::Silent);
                Some(Err(BodyError::Silent))
            });
        };
        this.is_silent = false;
        Poll::Ready(match frame {
            Some(Ok(frame)) if frame.is_data() => Some(Ok(frame)),
            Some(Err(error)) => {
                tracing::warn!(api = %this.api, %error, "{}", BodyError::Lost);
                Some(Err(BodyError::Lost))
            }
            // Trailers belong to one connection.
            Some(Ok(_)) | None => None,
        })
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn b20_an_event_stream_may_be_quiet_and_another_response_for_a_time() {
        let mut api = Api::new("x", "https://api.example", []).unwrap();
        let limit = |api: &Api, media_type: Option<&str>| {
            let mut headers = HeaderMap::new();
            if let Some(media_type) = media_type {
                headers.insert(CONTENT_TYPE, media_type.parse().unwrap());
            }
            idle_limit(api, &headers)
        };
        for stream in ["text/event-stream", "Text/Event-Stream; charset=utf-8"] {
            assert_eq!(limit(&api, Some(stream)), None, "{stream}");
        }
        for other in [None, Some("text/plain"), Some("x; y=text/event-stream")] {
            assert_eq!(limit(&api, other), Some(api.timeout), "{other:?}");
        }
        api.idle = Some(Duration::from_secs(300));
        assert_eq!(limit(&api, None), api.idle);
        assert_eq!(limit(&api, Some("text/event-stream")), None);
    }
}
