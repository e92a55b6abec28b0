//! Limits on the rate of requests, and the client's address.

use crate::app::{TestApp, TestResponse};
use axum::{
    Router,
    body::Body,
    extract::{ConnectInfo, Request},
    http::HeaderMap,
    routing::get,
};
use confidant::{
    config::{ConnectionLimits, RequestLimits, TrustedProxies},
    http::rate_limit::Limiter,
    serve,
};
use std::net::{IpAddr, SocketAddr};
use tower::ServiceExt as _;

const NO_LIMITS: RequestLimits = RequestLimits {
    per_address: 0,
    per_session: 0,
    total: 0,
    sign_ins_per_address: 0,
    sign_ins: 0,
};

/// Clients of a server with these limits.
struct Clients(Router);

impl Clients {
    async fn of(app: &TestApp, limits: RequestLimits) -> Self {
        let bff = app.bff().await;
        let limiter = Limiter::new(limits, TrustedProxies::default(), bff);
        Self(serve::limit_requests(app.router(), limiter))
    }

    async fn send(&self, from: &str, request: Request) -> TestResponse {
        let address: IpAddr = from.parse().unwrap();
        let mut request = request;
        let peer = ConnectInfo(SocketAddr::from((address, 4711)));
        request.extensions_mut().insert(peer);
        TestResponse::read(self.0.clone().oneshot(request).await.unwrap()).await
    }

    /// Sends this request until it is refused. Returns how often it was not.
    async fn count(&self, from: &str, request: impl Fn() -> Request) -> usize {
        for count in 0..50 {
            let response = self.send(from, request()).await;
            if response.status == 429 {
                assert_eq!(response.headers["retry-after"], "1");
                assert_eq!(response.problem(), (429, "rate_limited".into()));
                return count;
            }
        }
        50
    }
}

fn start() -> Request {
    Request::post("/auth/login/start")
        .header("x-csrf", "1")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from("provider=demo"))
        .unwrap()
}

fn session() -> Request {
    let request = Request::get("/auth/session").header("x-csrf", "1");
    request.body(Body::empty()).unwrap()
}

#[tokio::test]
async fn an_address_that_asks_too_often_gets_429_and_no_other_address_does() {
    let app = TestApp::start().await;
    let limits = RequestLimits {
        per_address: 1,
        ..NO_LIMITS
    };
    let clients = Clients::of(&app, limits).await;
    assert_eq!(clients.count("192.0.2.1", session).await, 10);
    assert_eq!(clients.send("192.0.2.2", session()).await.status, 200);
    // This machine may be a proxy that the settings do not name.
    assert_eq!(clients.count("127.0.0.1", session).await, 50);
}

#[tokio::test]
async fn sign_ins_have_limits_of_their_own_for_each_address_and_in_all() {
    let app = TestApp::start().await;
    let limits = RequestLimits {
        sign_ins_per_address: 1,
        sign_ins: 2,
        ..NO_LIMITS
    };
    let clients = Clients::of(&app, limits).await;
    assert_eq!(clients.count("192.0.2.1", start).await, 10);
    assert_eq!(clients.send("192.0.2.1", session()).await.status, 200);
    // From all addresses together, twice as many.
    assert_eq!(clients.count("192.0.2.2", start).await, 10);
    assert!(clients.count("192.0.2.3", start).await < 10);
}

#[tokio::test]
async fn a_session_that_asks_too_often_gets_429_whatever_its_address() {
    let app = TestApp::start().await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let cookies = browser.cookies();
    let (name, value) = cookies
        .iter()
        .find(|(name, _)| !name.ends_with("-login"))
        .unwrap();
    let of_session = || {
        let mut request = session();
        let cookie = format!("{name}={value}").parse().unwrap();
        request.headers_mut().insert("cookie", cookie);
        request
    };
    let limits = RequestLimits {
        per_session: 1,
        ..NO_LIMITS
    };
    let clients = Clients::of(&app, limits).await;
    assert_eq!(clients.count("127.0.0.1", of_session).await, 10);
    assert_eq!(clients.send("192.0.2.9", of_session()).await.status, 429);
    assert_eq!(clients.send("192.0.2.9", session()).await.status, 200);
}

#[tokio::test]
async fn a_navigation_over_the_limit_gets_a_page() {
    let app = TestApp::start().await;
    let limits = RequestLimits {
        per_address: 1,
        ..NO_LIMITS
    };
    let clients = Clients::of(&app, limits).await;
    clients.count("192.0.2.1", session).await;
    let navigation = Request::get("/")
        .header("accept", "text/html")
        .header("sec-fetch-mode", "navigate")
        .body(Body::empty())
        .unwrap();
    let page = clients.send("192.0.2.1", navigation).await;
    assert_eq!(page.status, 429);
    assert_eq!(page.headers["retry-after"], "1");
    let kind = page.headers["content-type"].to_str().unwrap();
    assert!(kind.starts_with("text/html"), "{kind}");
}

#[tokio::test]
async fn an_api_gets_the_clients_address_from_the_server_and_never_from_the_browser() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let upstream = format!("http://{}", listener.local_addr().unwrap());
    let heard = get(async |headers: HeaderMap| {
        let values = headers.get_all("x-forwarded-for").iter();
        let values: Vec<_> = values.map(|value| value.to_str().unwrap()).collect();
        values.join("|")
    });
    let api = Router::new().route("/heard", heard);
    tokio::spawn(axum::serve(listener, api).into_future());
    let app = TestApp::start_with(|config, _| {
        let api = &mut config.settings.apis[0];
        api.upstream = upstream.parse().unwrap();
        api.routes = vec!["GET /*".parse().unwrap()];
    })
    .await;
    let browser = app.browser();
    browser.sign_in("alice").await;
    let clients = Clients::of(&app, NO_LIMITS).await;
    let cookies: Vec<_> = browser
        .cookies()
        .iter()
        .map(|(name, value)| format!("{name}={value}"))
        .collect();
    let request = Request::get("/api/demo/heard")
        .header("x-csrf", "1")
        .header("x-forwarded-for", "1.2.3.4")
        .header("forwarded", "for=1.2.3.4")
        .header("cookie", cookies.join("; "))
        .body(Body::empty())
        .unwrap();
    assert_eq!(clients.send("192.0.2.1", request).await.text, "192.0.2.1");
}

#[test]
fn the_limits_leave_room_for_a_company_behind_one_address() {
    let limits = RequestLimits::default();
    assert!(limits.sign_ins_per_address >= 10 && limits.per_address >= 100);
    let connections = ConnectionLimits::default();
    assert!(
        connections.idle.as_secs() > 60,
        "proxies keep connections for 60 s"
    );
}
