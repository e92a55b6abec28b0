//! An API's answer on its way to the browser, piece by piece.

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

/// The body of a forwarded answer. Holds no more of it than what is on its way.
pub struct ResponseBody {
    api: Arc<str>,
    body: Incoming,
    patience: Duration,
    silence: Option<Pin<Box<Sleep>>>,
    is_silent: bool,
    /// Written down as over when the body is.
    _leg: Option<ApiExchange>,
}

/// The answer ended before it was whole. The browser sees a connection that
/// broke off: its status has long been sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BodyError {
    /// The API broke off.
    #[error("the API broke off in the middle of its answer")]
    Lost,
    /// The API fell silent for longer than it may.
    #[error("the API fell silent in the middle of its answer")]
    Silent,
}

impl ResponseBody {
    /// The body of this API's answer. `patience` is how long the API may keep silent
    /// from one piece to the next.
    pub(super) fn new(
        body: Incoming,
        api: &Arc<str>,
        patience: Duration,
        leg: Option<ApiExchange>,
    ) -> Self {
        Self {
            api: api.clone(),
            body,
            patience,
            silence: None,
            is_silent: false,
            _leg: leg,
        }
    }

    /// Whether the API has been silent for too long.
    fn poll_silence(&mut self, context: &mut Context<'_>) -> Poll<()> {
        // Counted from the first look that found nothing, so that a browser
        // that reads slowly is not mistaken for an API that says nothing.
        let end = Instant::now() + self.patience;
        let silence = self
            .silence
            .get_or_insert_with(|| Box::pin(sleep(self.patience)));
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
            // Trailers go no further than the hop that they were sent for.
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
