//! Response bodies on their way to the browser, streamed.

use super::api_exchange::ApiExchange;
use bytes::Bytes;
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
    timeout: Duration,
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
    /// The API sent nothing for longer than its timeout.
    #[error("the API fell silent in the middle of its answer")]
    Silent,
}

impl ResponseBody {
    /// Wraps the body of an API's response. `timeout` limits the time between
    /// two chunks.
    pub(super) fn new(
        body: Incoming,
        api: &Arc<str>,
        timeout: Duration,
        leg: Option<ApiExchange>,
    ) -> Self {
        Self {
            api: api.clone(),
            body,
            timeout,
            silence: None,
            is_silent: false,
            _leg: leg,
        }
    }

    /// Completes when the API has sent nothing for too long.
    fn poll_silence(&mut self, context: &mut Context<'_>) -> Poll<()> {
        // Counted from the first poll that found no data, so that a browser
        // that reads slowly does not count as an API that sends nothing.
        let end = Instant::now() + self.timeout;
        let silence = self
            .silence
            .get_or_insert_with(|| Box::pin(sleep(self.timeout)));
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
