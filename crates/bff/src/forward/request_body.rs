//! Request bodies on their way to an API. Small bodies are buffered, so that
//! they can be sent again; larger ones are streamed.

use super::error::ForwardError;
use bytes::{Bytes, BytesMut};
use http_body::{Body, Frame, SizeHint};
use http_body_util::{BodyExt, Either, Full, combinators::UnsyncBoxBody};
use std::{
    pin::Pin,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll, ready},
    time::Duration,
};
use tokio::time::Instant;

/// How many bytes of a body are buffered.
const REPLAY: usize = 64 * 1024;

/// The body of the request to the API.
pub(super) type Outgoing = Either<Full<Bytes>, UnsyncBoxBody<Bytes, ForwardError>>;

/// The body of a browser's request.
pub(super) enum RequestBody {
    /// The whole body, which can be sent again.
    Whole(Bytes),
    /// A stream, which can be sent once.
    Stream(Outgoing, Progress),
}

impl RequestBody {
    /// Reads a small body, or the beginning of a larger one. `limit` is in
    /// bytes; `timeout` limits each pause while the body is buffered.
    ///
    /// # Errors
    /// [`ForwardError::TooLarge`], or [`ForwardError::BrokeOff`] when the body
    /// does not arrive.
    pub(super) async fn take<B>(
        mut body: B,
        limit: u64,
        timeout: Duration,
    ) -> Result<Self, ForwardError>
    where
        B: Body<Data = Bytes> + Send + Unpin + 'static,
    {
        let announced = body.size_hint().exact();
        if announced.is_some_and(|length| length > limit) {
            return Err(ForwardError::TooLarge);
        }
        let mut head = BytesMut::new();
        if announced.is_none_or(|length| length <= REPLAY as u64) {
            while head.len() <= REPLAY {
                let frame = tokio::time::timeout(timeout, body.frame());
                let Some(frame) = frame.await.map_err(|_| ForwardError::BrokeOff)? else {
                    return Ok(Self::Whole(head.freeze()));
                };
                if let Ok(data) = frame.map_err(|_| ForwardError::BrokeOff)?.into_data() {
                    head.extend_from_slice(&data);
                }
                if head.len() as u64 > limit {
                    return Err(ForwardError::TooLarge);
                }
            }
        }
        let progress = Progress::begin();
        let stream = Stream {
            passed: head.len() as u64,
            head: head.freeze(),
            rest: body,
            limit,
            progress: progress.clone(),
        };
        Ok(Self::Stream(Either::Right(stream.boxed_unsync()), progress))
    }
}

/// The progress of a request: when data last moved, and what stopped it.
#[derive(Clone)]
pub(super) struct Progress(Arc<Mutex<State>>);

struct State {
    moved: Instant,
    stopped_by: Option<ForwardError>,
}

impl Progress {
    /// Starts with data that moves now.
    pub(super) fn begin() -> Self {
        Self(Arc::new(Mutex::new(State {
            moved: Instant::now(),
            stopped_by: None,
        })))
    }

    /// Returns when data last moved.
    pub(super) fn moved(&self) -> Instant {
        self.state().moved
    }

    /// Returns what stopped the browser's body, if anything did.
    pub(super) fn stopped_by(&self) -> Option<ForwardError> {
        self.state().stopped_by
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The buffered beginning, then the rest as it arrives.
struct Stream<B> {
    head: Bytes,
    rest: B,
    passed: u64,
    limit: u64,
    progress: Progress,
}

impl<B> Stream<B> {
    fn stop(&self, error: ForwardError) -> ForwardError {
        self.progress.state().stopped_by = Some(error);
        error
    }
}

impl<B: Body<Data = Bytes> + Unpin> Body for Stream<B> {
    type Data = Bytes;
    type Error = ForwardError;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, ForwardError>>> {
        let this = self.get_mut();
        if !this.head.is_empty() {
            return Poll::Ready(Some(Ok(Frame::data(std::mem::take(&mut this.head)))));
        }
        let frame = ready!(Pin::new(&mut this.rest).poll_frame(context));
        this.progress.state().moved = Instant::now();
        Poll::Ready(match frame.map(|frame| frame.map(Frame::into_data)) {
            Some(Ok(Ok(data))) => {
                this.passed = this.passed.saturating_add(data.len() as u64);
                Some(if this.passed > this.limit {
                    Err(this.stop(ForwardError::TooLarge))
                } else {
                    Ok(Frame::data(data))
                })
            }
            Some(Err(_)) => Some(Err(this.stop(ForwardError::BrokeOff))),
            // Trailers belong to one connection.
            Some(Ok(Err(_))) | None => None,
        })
    }

    fn size_hint(&self) -> SizeHint {
        let mut hint = self.rest.size_hint();
        let head = self.head.len() as u64;
        match hint.exact() {
            Some(exact) => hint.set_exact(exact.saturating_add(head)),
            None => hint = SizeHint::default(),
        }
        hint
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http_body_util::StreamBody;
    use std::{convert::Infallible, io};

    type Chunk = Result<Frame<Bytes>, io::Error>;

    const PATIENCE: Duration = Duration::from_secs(5);

    fn chunks(
        sizes: &[usize],
        end: Option<io::Error>,
    ) -> impl Body<Data = Bytes> + Send + Unpin + 'static {
        let frames = sizes
            .iter()
            .map(|size| Ok(Frame::data(Bytes::from(vec![b'a'; *size]))));
        let all: Vec<Chunk> = frames.chain(end.map(Err)).collect();
        StreamBody::new(futures::stream::iter(all))
    }

    async fn passed(request_body: RequestBody) -> Result<usize, Option<ForwardError>> {
        match request_body {
            RequestBody::Whole(bytes) => Ok(bytes.len()),
            RequestBody::Stream(body, progress) => match body.collect().await {
                Ok(all) => Ok(all.to_bytes().len()),
                Err(_) => Err(progress.stopped_by()),
            },
        }
    }

    #[tokio::test]
    async fn what_is_small_is_held_and_what_is_large_is_not() {
        for (body, whole) in [(0, true), (REPLAY, true), (REPLAY + 1, false)] {
            let announced = Full::new(Bytes::from(vec![b'a'; body]));
            let request_body = RequestBody::take(announced, 1 << 20, PATIENCE)
                .await
                .unwrap();
            assert_eq!(
                matches!(request_body, RequestBody::Whole(_)),
                whole,
                "{body}"
            );
            assert_eq!(passed(request_body).await, Ok(body));
            let unannounced = chunks(&[body / 2, body - body / 2], None);
            let request_body = RequestBody::take(unannounced, 1 << 20, PATIENCE)
                .await
                .unwrap();
            assert_eq!(
                matches!(request_body, RequestBody::Whole(_)),
                whole,
                "{body}"
            );
            assert_eq!(passed(request_body).await, Ok(body));
        }
    }

    #[tokio::test]
    async fn no_more_than_the_limit_passes() {
        let announced = Full::new(Bytes::from_static(b"12345"));
        let refused = RequestBody::take(announced, 4, PATIENCE).await.map(|_| ());
        assert_eq!(refused, Err(ForwardError::TooLarge));
        let refused = RequestBody::take(chunks(&[4, 1], None), 4, PATIENCE)
            .await
            .map(|_| ());
        assert_eq!(refused, Err(ForwardError::TooLarge));
        let limit = 200_000;
        for (last, outcome) in [(0, Ok(200_000)), (1, Err(Some(ForwardError::TooLarge)))] {
            let body = chunks(&[100_000, 100_000, last], None);
            let request_body = RequestBody::take(body, limit, PATIENCE).await.unwrap();
            assert_eq!(passed(request_body).await, outcome);
        }
    }

    #[tokio::test]
    async fn a_body_that_breaks_off_is_never_taken_for_a_whole_one() {
        let lost = || Some(io::ErrorKind::ConnectionReset.into());
        let refused = RequestBody::take(chunks(&[10], lost()), 100, PATIENCE)
            .await
            .map(|_| ());
        assert_eq!(refused, Err(ForwardError::BrokeOff));
        let request_body = RequestBody::take(chunks(&[100_000], lost()), 1 << 20, PATIENCE)
            .await
            .unwrap();
        assert_eq!(
            passed(request_body).await,
            Err(Some(ForwardError::BrokeOff))
        );
    }

    #[tokio::test(start_paused = true)]
    async fn a_body_that_does_not_come_is_not_waited_for_long() {
        let silent =
            StreamBody::new(futures::stream::pending::<Result<Frame<Bytes>, Infallible>>());
        let refused = RequestBody::take(silent, 100, PATIENCE).await.map(|_| ());
        assert_eq!(refused, Err(ForwardError::BrokeOff));
    }

    #[tokio::test]
    async fn a_length_that_was_announced_is_announced_to_the_api() {
        let body = Stream {
            head: Bytes::from_static(b"12"),
            rest: Full::new(Bytes::from_static(b"345")),
            passed: 2,
            limit: 9,
            progress: Progress::begin(),
        };
        assert_eq!(body.size_hint().exact(), Some(5));
    }
}
