//! Bodies that are too large to be held, in both directions.

use super::upstream::{PATIENCE, Upstream, app_before};
use crate::app::TestApp;
use axum::{
    Router,
    body::{Body, Bytes},
    routing::any,
};
use futures::{Stream, StreamExt, channel::mpsc, stream};
use std::{
    convert::Infallible,
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    time::Duration,
};
use tokio::{net::TcpListener, sync::Notify, time::timeout};

const PIECE: usize = 64 * 1024;
const PIECES: usize = 800;
const WHOLE: usize = PIECE * PIECES;

type Pieces = mpsc::UnboundedReceiver<Result<Bytes, Infallible>>;

/// A stream that is fed by hand.
fn by_hand() -> (mpsc::UnboundedSender<Result<Bytes, Infallible>>, Pieces) {
    mpsc::unbounded()
}

fn piece() -> Result<Bytes, Infallible> {
    Ok(Bytes::from(vec![b'x'; PIECE]))
}

async fn serve(router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(axum::serve(listener, router).into_future());
    address
}

async fn in_time<T>(future: impl Future<Output = T>) -> T {
    let limit = Duration::from_secs(20);
    timeout(limit, future).await.expect("it came in time")
}

async fn app_before_stream(answer: impl Fn() -> Body + Clone + Send + Sync + 'static) -> TestApp {
    app_before_stream_with(PATIENCE, answer).await
}

async fn app_before_stream_with(
    patience: Duration,
    answer: impl Fn() -> Body + Clone + Send + Sync + 'static,
) -> TestApp {
    let address = serve(Router::new().fallback(any(async move || answer()))).await;
    app_before(address, &["GET /x"], |api| api.timeout = patience).await
}

#[tokio::test]
async fn an_answers_first_bytes_arrive_before_its_last_are_made() {
    let (feed, pieces) = by_hand();
    let pieces = Arc::new(std::sync::Mutex::new(Some(pieces)));
    let app =
        app_before_stream(move || Body::from_stream(pieces.lock().unwrap().take().unwrap())).await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    feed.unbounded_send(Ok(Bytes::from_static(b"first")))
        .unwrap();
    let response = in_time(browser.stream("GET", "/api/demo/x", Body::empty())).await;
    let mut body = response.into_body().into_data_stream();
    assert_eq!(in_time(body.next()).await.unwrap().unwrap(), "first");
    for _ in 0..PIECES {
        feed.unbounded_send(piece()).unwrap();
    }
    drop(feed);
    let rest = body.map(|data| data.unwrap().len());
    assert_eq!(in_time(rest.fold(0, async |sum, n| sum + n)).await, WHOLE);
}

#[tokio::test]
async fn a_requests_first_bytes_arrive_before_its_last_are_sent() {
    let (began, first) = (Arc::new(Notify::new()), Arc::new(AtomicUsize::new(0)));
    let (tell, count) = (began.clone(), first.clone());
    let counting = any(async move |body: Body| {
        let mut body = body.into_data_stream();
        while let Some(data) = body.next().await {
            count.fetch_add(data.unwrap().len(), SeqCst);
            tell.notify_one();
        }
        count.load(SeqCst).to_string()
    });
    let address = serve(Router::new().fallback(counting)).await;
    let app = app_before(address, &["POST /x"], |api| api.body_limit = 1 << 30).await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let (feed, pieces) = by_hand();
    let call = browser.stream("POST", "/api/demo/x", Body::from_stream(pieces));
    let feeding = async {
        // More than what is held to be sent once more.
        feed.unbounded_send(piece()).unwrap();
        feed.unbounded_send(piece()).unwrap();
        in_time(began.notified()).await;
        assert!(first.load(SeqCst) <= 2 * PIECE);
        for _ in 2..PIECES {
            feed.unbounded_send(piece()).unwrap();
        }
        drop(feed);
    };
    let (response, ()) = in_time(futures::future::join(call, feeding)).await;
    let body = axum::body::to_bytes(response.into_body(), 100)
        .await
        .unwrap();
    assert_eq!(body, WHOLE.to_string());
}

/// A stream without end, and how much of it was made.
fn endless() -> (
    Arc<AtomicUsize>,
    impl Fn() -> Body + Clone + Send + Sync + 'static,
) {
    let made = Arc::new(AtomicUsize::new(0));
    let count = made.clone();
    let body = move || {
        let count = count.clone();
        Body::from_stream(stream::repeat_with(move || {
            count.fetch_add(PIECE, SeqCst);
            piece()
        }))
    };
    (made, body)
}

async fn read(body: &mut (impl Stream<Item = Result<Bytes, axum::Error>> + Unpin), whole: usize) {
    let mut sum = 0;
    while sum < whole {
        sum += in_time(body.next()).await.unwrap().unwrap().len();
    }
}

#[tokio::test]
async fn an_endless_answer_takes_bounded_room_and_ends_with_its_reader() {
    // What sockets and buffers hold on the way, several times over.
    const UNDER_WAY: usize = 32 * 1024 * 1024;
    let (made, answer) = endless();
    let app = app_before_stream(answer).await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let response = browser.stream("GET", "/api/demo/x", Body::empty()).await;
    let mut body = response.into_body().into_data_stream();
    read(&mut body, PIECE).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(made.load(SeqCst) < UNDER_WAY);
    read(&mut body, WHOLE).await;
    assert!(made.load(SeqCst) < WHOLE + UNDER_WAY);
    drop(body);
    let standing_still = async {
        loop {
            let then = made.load(SeqCst);
            tokio::time::sleep(Duration::from_millis(300)).await;
            if made.load(SeqCst) == then {
                return;
            }
        }
    };
    in_time(standing_still).await;
}

#[tokio::test]
async fn a_reader_that_takes_its_time_is_not_taken_for_a_silent_api() {
    let (_, answer) = endless();
    let patience = Duration::from_secs(2);
    let app = app_before_stream_with(patience, answer).await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let response = browser.stream("GET", "/api/demo/x", Body::empty()).await;
    let mut body = response.into_body().into_data_stream();
    for _ in 0..2 {
        tokio::time::sleep(patience * 3 / 2).await;
        read(&mut body, 20 * PIECE).await;
    }
}

#[tokio::test]
async fn a_large_request_that_keeps_moving_has_the_time_it_needs() {
    let upstream =
        Upstream::start(Router::new().fallback(any(async |body: Bytes| body.len().to_string())))
            .await;
    let patience = Duration::from_secs(2);
    let app = app_before(upstream.address, &["POST /x"], |api| api.timeout = patience).await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let slow = stream::iter(0..12).then(move |_| async move {
        tokio::time::sleep(patience / 8).await;
        piece()
    });
    let response = browser
        .stream("POST", "/api/demo/x", Body::from_stream(slow))
        .await;
    assert_eq!(response.status(), 200);
    assert_eq!(upstream.heard()[0].body.len(), 12 * PIECE);
}
