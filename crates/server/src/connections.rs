//! The server's connections: how many there may be, and how long each may wait
//! for a request.
//!
//! `axum::serve` has no such limits: clients that open connections and send
//! nothing would hold them for ever.

use crate::{
    config::{ConnectionLimits, TrustedProxies},
    shutdown::{DRAIN_TIMEOUT, Shutdown},
    subscriber::limited_network,
};
use axum::{Router, body::Body, extract::ConnectInfo};
use hyper::{Request, body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::GracefulShutdown,
};
use std::{
    collections::HashMap,
    io,
    net::{IpAddr, SocketAddr},
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore},
};
use tokio_io_timeout::TimeoutStream;
use tower::ServiceExt as _;

/// The pause after an error that the next attempt would meet, too: too many open
/// files.
const ACCEPT_PAUSE: Duration = Duration::from_millis(200);

/// Serves until shutdown is requested. Requests in flight then have
/// [`DRAIN_TIMEOUT`] to finish.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    limits: ConnectionLimits,
    proxies: TrustedProxies,
    shutdown: Shutdown,
) {
    // Builds each route once. Otherwise every request would build its own.
    let router: Router = router.with_state(());
    let slots = Slots::new(limits, proxies);
    let graceful = GracefulShutdown::new();
    let mut builder = http1::Builder::new();
    // The time between two requests counts, too.
    builder
        .timer(TokioTimer::new())
        .header_read_timeout(limits.idle);
    let mut requested = std::pin::pin!(shutdown.clone().requested());
    loop {
        let slot = tokio::select! {
            slot = slots.total() => slot,
            () = &mut requested => break,
        };
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = &mut requested => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                if !is_of_one_connection(&error) {
                    tracing::error!(%error, "a connection cannot be accepted");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
                continue;
            }
        };
        let Some(share) = slots.of_address(peer.ip()) else {
            tracing::debug!(%peer, "a connection was refused: its address has too many");
            continue;
        };
        let (router, has_sent) = (router.clone(), Arc::new(AtomicBool::new(false)));
        let service = {
            let has_sent = has_sent.clone();
            service_fn(move |request: Request<Incoming>| {
                has_sent.store(true, Ordering::Relaxed);
                let mut request = request.map(Body::new);
                request.extensions_mut().insert(ConnectInfo(peer));
                router.clone().oneshot(request)
            })
        };
        let mut stream = TimeoutStream::new(no_delay(stream));
        // A client that reads nothing holds its connection no longer than one that
        // asks nothing. A quiet event stream has nothing to write.
        stream.set_write_timeout(Some(limits.idle));
        let connection = builder.serve_connection(TokioIo::new(Box::pin(stream)), service);
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            let _slots = (slot, share);
            let mut connection = std::pin::pin!(connection);
            tokio::select! {
                // An error concerns this client, and its requests are logged.
                _ = &mut connection => return,
                () = tokio::time::sleep(limits.first_request) => {}
            }
            if has_sent.load(Ordering::Relaxed) {
                let _ = connection.await;
            }
        });
    }
    drop(listener);
    if tokio::time::timeout(DRAIN_TIMEOUT, graceful.shutdown())
        .await
        .is_err()
    {
        tracing::warn!(
            "aborted requests that took longer than {} s",
            DRAIN_TIMEOUT.as_secs()
        );
    }
}

/// Sends small answers at once. If that cannot be set, they come a little later.
fn no_delay(stream: TcpStream) -> TcpStream {
    let _ = stream.set_nodelay(true);
    stream
}

/// Whether an error of `accept` concerns only the connection that was accepted.
fn is_of_one_connection(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::ConnectionRefused
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::ConnectionReset
    )
}

/// The connections that may be open.
struct Slots {
    total: Arc<Semaphore>,
    by_address: Arc<Mutex<HashMap<IpAddr, usize>>>,
    per_address: usize,
    proxies: TrustedProxies,
}

/// One connection's share of its address. Returned when it is dropped.
struct Share {
    by_address: Arc<Mutex<HashMap<IpAddr, usize>>>,
    address: IpAddr,
}

impl Slots {
    fn new(limits: ConnectionLimits, proxies: TrustedProxies) -> Self {
        Self {
            total: Arc::new(Semaphore::new(limits.total)),
            by_address: Arc::default(),
            per_address: limits.per_address,
            proxies,
        }
    }

    /// Waits until there are fewer connections than allowed.
    async fn total(&self) -> OwnedSemaphorePermit {
        match self.total.clone().acquire_owned().await {
            Ok(permit) => permit,
            // It is never closed.
            Err(_) => std::future::pending().await,
        }
    }

    /// Returns a share of this address, unless it has too many. Proxies hold the
    /// connections of many clients, and this machine has no strangers.
    fn of_address(&self, address: IpAddr) -> Option<Option<Share>> {
        if self.proxies.contains(address) {
            return Some(None);
        }
        let Some(address) = limited_network(address) else {
            return Some(None);
        };
        let mut by_address = lock(&self.by_address);
        let count = by_address.entry(address).or_default();
        if *count >= self.per_address {
            return None;
        }
        *count += 1;
        Some(Some(Share {
            by_address: self.by_address.clone(),
            address,
        }))
    }
}

impl Drop for Share {
    fn drop(&mut self) {
        let mut by_address = lock(&self.by_address);
        if let Some(count) = by_address.get_mut(&self.address) {
            *count = count.saturating_sub(1);
            if *count == 0 {
                by_address.remove(&self.address);
            }
        }
    }
}

fn lock(by_address: &Mutex<HashMap<IpAddr, usize>>) -> MutexGuard<'_, HashMap<IpAddr, usize>> {
    by_address.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Returns the address of the client that a connection comes from.
pub(crate) fn peer(request: &axum::extract::Request) -> Option<IpAddr> {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>()?;
    Some(peer.0.ip().to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::routing::get;
    use std::time::Instant;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    const LIMITS: ConnectionLimits = ConnectionLimits {
        total: 2,
        per_address: 1,
        first_request: Duration::from_millis(200),
        idle: Duration::from_millis(600),
    };

    async fn start() -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let large = get(async || vec![0; 64 * 1024 * 1024]);
        let router = Router::new()
            .route("/", get(async || "answered"))
            .route("/large", large);
        let never = Shutdown::when(std::future::pending());
        tokio::spawn(serve(
            listener,
            router,
            LIMITS,
            TrustedProxies::default(),
            never,
        ));
        address
    }

    async fn connect(address: SocketAddr, text: &str) -> TcpStream {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(text.as_bytes()).await.unwrap();
        stream
    }

    /// Waits until the server closes the connection. Returns what it sent.
    async fn read_to_end(stream: &mut TcpStream) -> String {
        let mut text = Vec::new();
        let closed = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut text));
        // A reset closes a connection, too.
        let _ = closed.await.expect("the connection is still open");
        String::from_utf8(text).unwrap()
    }

    #[tokio::test]
    async fn connections_that_send_no_request_are_closed() {
        let address = start().await;
        for text in ["", "GET / HTTP/1.1\r\nHost: x\r\nX-A: "] {
            let began = Instant::now();
            read_to_end(&mut connect(address, text).await).await;
            assert!(began.elapsed() < LIMITS.idle, "{text:?}");
        }
    }

    #[tokio::test]
    async fn a_connection_without_a_further_request_is_closed_later() {
        let address = start().await;
        let began = Instant::now();
        let mut stream = connect(address, "GET / HTTP/1.1\r\nHost: x\r\n\r\n").await;
        let answer = read_to_end(&mut stream).await;
        assert!(answer.ends_with("answered"), "{answer}");
        assert!(began.elapsed() >= LIMITS.idle);
    }

    #[tokio::test]
    async fn a_client_that_does_not_read_its_answer_is_cut_off() {
        let address = start().await;
        let request = "GET /large HTTP/1.1\r\nHost: x\r\n\r\n";
        let stalled = [
            connect(address, request).await,
            connect(address, request).await,
        ];
        // The two hold every slot until then.
        let request = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        let answer = read_to_end(&mut connect(address, request).await).await;
        assert!(answer.ends_with("answered"), "{answer}");
        drop(stalled);
    }

    #[tokio::test]
    async fn more_connections_than_allowed_wait_for_their_turn() {
        let address = start().await;
        let stalled = [connect(address, "").await, connect(address, "").await];
        let began = Instant::now();
        let request = "GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
        let answer = read_to_end(&mut connect(address, request).await).await;
        assert!(answer.ends_with("answered"), "{answer}");
        assert!(began.elapsed() >= Duration::from_millis(100));
        drop(stalled);
    }

    #[test]
    fn an_address_has_its_share_of_connections_and_gets_it_back() {
        let proxies: TrustedProxies = ["10.0.0.0/8"].into_iter().collect();
        let slots = Slots::new(LIMITS, proxies);
        let address = "192.0.2.1".parse().unwrap();
        let first = slots.of_address(address);
        assert!(first.is_some() && slots.of_address(address).is_none());
        assert!(slots.of_address("192.0.2.2".parse().unwrap()).is_some());
        drop(first);
        assert!(lock(&slots.by_address).is_empty());
        assert!(slots.of_address(address).is_some());
        for shared in ["10.1.2.3", "127.0.0.1"] {
            let shared = shared.parse().unwrap();
            let all: Vec<_> = (0..3).map(|_| slots.of_address(shared)).collect();
            assert!(all.iter().all(Option::is_some));
        }
    }
}
