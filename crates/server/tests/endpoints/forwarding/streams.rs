//! Bodies that are streamed because they are too large to buffer, in both
//! directions.

use super::upstream::{TIMEOUT, Upstream, app_for_upstream};
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

const CHUNK: usize = 64 * 1024;
const CHUNKS: usize = 800;
const TOTAL: usize = CHUNK * CHUNKS;

type Chunks = mpsc::UnboundedReceiver<Result<Bytes, Infallible>>;

/// Returns a body stream and the sender of its chunks.
fn channel() -> (mpsc::UnboundedSender<Result<Bytes, Infallible>>, Chunks) {
    mpsc::unbounded()
}

fn chunk() -> Result<Bytes, Infallible> {
    Ok(Bytes::from(vec![b'x'; CHUNK]))
}

async fn serve(router: Router) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(axum::serve(listener, router).into_future());
    address
}

async fn within_limit<T>(future: impl Future<Output = T>) -> T {
    let limit = Duration::from_secs(20);
    timeout(limit, future)
        .await
        .expect("the time limit has passed")
}

async fn app_for_body(response: impl Fn() -> Body + Clone + Send + Sync + 'static) -> TestApp {
    app_for_body_with_timeout(TIMEOUT, response).await
}

async fn app_for_body_with_timeout(
    api_timeout: Duration,
    response: impl Fn() -> Body + Clone + Send + Sync + 'static,
) -> TestApp {
    let address = serve(Router::new().fallback(any(async move || response()))).await;
    app_for_upstream(address, &["GET /x"], |api| api.timeout = api_timeout).await
}

#[tokio::test]
async fn a_responses_first_bytes_arrive_before_its_last_are_sent() {
    let (feed, chunks) = channel();
    let chunks = Arc::new(std::sync::Mutex::new(Some(chunks)));
    let app = app_for_body(move || Body::from_stream(chunks.lock().unwrap().take().unwrap())).await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    feed.unbounded_send(Ok(Bytes::from_static(b"first")))
        .unwrap();
    let response = within_limit(browser.stream("GET", "/api/demo/x", Body::empty())).await;
    let mut body = response.into_body().into_data_stream();
    assert_eq!(within_limit(body.next()).await.unwrap().unwrap(), "first");
    for _ in 0..CHUNKS {
        feed.unbounded_send(chunk()).unwrap();
    }
    drop(feed);
    let rest = body.map(|data| data.unwrap().len());
    assert_eq!(
        within_limit(rest.fold(0, async |sum, n| sum + n)).await,
        TOTAL
    );
}

#[tokio::test]
async fn a_requests_first_bytes_arrive_before_its_last_are_sent() {
    let (began, first) = (Arc::new(Notify::new()), Arc::new(AtomicUsize::new(0)));
    let (notify, count) = (began.clone(), first.clone());
    let counting = any(async move |body: Body| {
        let mut body = body.into_data_stream();
        while let Some(data) = body.next().await {
            count.fetch_add(data.unwrap().len(), SeqCst);
            notify.notify_one();
        }
        count.load(SeqCst).to_string()
    });
    let address = serve(Router::new().fallback(counting)).await;
    let app = app_for_upstream(address, &["POST /x"], |api| api.body_limit = 1 << 30).await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let (feed, chunks) = channel();
    let call = browser.stream("POST", "/api/demo/x", Body::from_stream(chunks));
    let feeding = async {
        // More than the server buffers for a repeated request.
        feed.unbounded_send(chunk()).unwrap();
        feed.unbounded_send(chunk()).unwrap();
        within_limit(began.notified()).await;
        assert!(first.load(SeqCst) <= 2 * CHUNK);
        for _ in 2..CHUNKS {
            feed.unbounded_send(chunk()).unwrap();
        }
        drop(feed);
    };
    let (response, ()) = within_limit(futures::future::join(call, feeding)).await;
    let body = axum::body::to_bytes(response.into_body(), 100)
        .await
        .unwrap();
    assert_eq!(body, TOTAL.to_string());
}

/// Returns an endless body, and the number of bytes produced so far.
fn endless() -> (
    Arc<AtomicUsize>,
    impl Fn() -> Body + Clone + Send + Sync + 'static,
) {
    let produced = Arc::new(AtomicUsize::new(0));
    let count = produced.clone();
    let body = move || {
        let count = count.clone();
        Body::from_stream(stream::repeat_with(move || {
            count.fetch_add(CHUNK, SeqCst);
            chunk()
        }))
    };
    (produced, body)
}

async fn read(body: &mut (impl Stream<Item = Result<Bytes, axum::Error>> + Unpin), bytes: usize) {
    let mut sum = 0;
    while sum < bytes {
        sum += within_limit(body.next()).await.unwrap().unwrap().len();
    }
}

#[tokio::test]
async fn an_endless_response_is_buffered_within_bounds_and_ends_with_its_reader() {
    // Several times what sockets and buffers hold.
    const IN_FLIGHT: usize = 32 * 1024 * 1024;
    let (produced, handler) = endless();
    let app = app_for_body(handler).await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let response = browser.stream("GET", "/api/demo/x", Body::empty()).await;
    let mut body = response.into_body().into_data_stream();
    read(&mut body, CHUNK).await;
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert!(produced.load(SeqCst) < IN_FLIGHT);
    read(&mut body, TOTAL).await;
    assert!(produced.load(SeqCst) < TOTAL + IN_FLIGHT);
    drop(body);
    let stopped = async {
        loop {
            let before = produced.load(SeqCst);
            tokio::time::sleep(Duration::from_millis(300)).await;
            if produced.load(SeqCst) == before {
                return;
            }
        }
    };
    within_limit(stopped).await;
}

#[tokio::test]
async fn a_slow_reader_does_not_cause_an_api_timeout() {
    let (_, response) = endless();
    let api_timeout = Duration::from_secs(2);
    let app = app_for_body_with_timeout(api_timeout, response).await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let response = browser.stream("GET", "/api/demo/x", Body::empty()).await;
    let mut body = response.into_body().into_data_stream();
    for _ in 0..2 {
        tokio::time::sleep(api_timeout * 3 / 2).await;
        read(&mut body, 20 * CHUNK).await;
    }
}

#[tokio::test]
async fn a_slow_request_that_makes_progress_does_not_time_out() {
    let upstream =
        Upstream::start(Router::new().fallback(any(async |body: Bytes| body.len().to_string())))
            .await;
    let api_timeout = Duration::from_secs(2);
    let app = app_for_upstream(upstream.address, &["POST /x"], |api| {
        api.timeout = api_timeout
    })
    .await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let slow = stream::iter(0..12).then(move |_| async move {
        tokio::time::sleep(api_timeout / 8).await;
        chunk()
    });
    let response = browser
        .stream("POST", "/api/demo/x", Body::from_stream(slow))
        .await;
    assert_eq!(response.status(), 200);
    assert_eq!(upstream.received()[0].body.len(), 12 * CHUNK);
}
