//! A provider under test, with a clock that only the test moves.

mod browser;
mod control_api;
mod dpop;
mod public_client;
mod raw_connection;
mod response;
mod sign_in;

use std::{
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use axum::{
    Router,
    body::Body,
    http::{HeaderValue, Request, header},
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use confidant_provider::{
    Client, ClientAuthentication, ClientSecret, Clock, Config, Policy, Provider, ProviderControls,
    SystemRandomness, UnixTime,
};
use http_body_util::BodyExt as _;
use tower::ServiceExt as _;

pub(crate) use browser::TestBrowser;
pub(crate) use control_api::control_request;
pub(crate) use dpop::{Key, Proof, hash, spa_refresh_form};
pub(crate) use public_client::{SPA, expect_tokens, spa_callback, spa_code_form, spa_request};
pub(crate) use raw_connection::raw_refresh;
pub(crate) use response::TestResponse;
pub(crate) use sign_in::{Tokens, VERIFIER, web_request};

pub(crate) const ISSUER: &str = "http://127.0.0.1:4000";
pub(crate) const APP: &str = "http://localhost:3000";
pub(crate) const SECRET: &str = "a secret: with / and %";

/// A clock that only the test moves.
#[derive(Clone)]
pub(crate) struct TestClock(Arc<AtomicU64>);

impl Clock for TestClock {
    fn now(&self) -> UnixTime {
        UnixTime::from_millis(self.0.load(Ordering::SeqCst))
    }
}

/// A provider under test.
pub(crate) struct TestApp {
    router: Router,
    pub(crate) controls: ProviderControls,
    clock: TestClock,
    config: Config,
}

impl TestApp {
    /// Starts the demo provider, with another client under the Google policy.
    pub(crate) fn new() -> Self {
        Self::with(|_| ())
    }

    /// Starts the provider with a changed configuration.
    pub(crate) fn with(change: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config::demo(APP, ISSUER, SECRET);
        config.controls = true;
        config.clients.push(Client {
            id: "google-like".to_owned(),
            name: "Calendar".to_owned(),
            authentication: ClientAuthentication::Secret(ClientSecret::new(SECRET)),
            redirect_uris: vec![format!("{APP}/callback")],
            post_logout_redirect_uris: Vec::new(),
            origins: Vec::new(),
            policy: Policy::google(),
        });
        change(&mut config);
        Self::start(
            config,
            TestClock(Arc::new(AtomicU64::new(1_800_000_000_000))),
        )
    }

    /// Starts a provider that keeps its state in `file`.
    pub(crate) fn with_state_file(file: PathBuf) -> Self {
        Self::with(|config| config.state_file = Some(file))
    }

    /// Stops the provider and starts it again.
    pub(crate) fn restarted(self) -> Self {
        Self::start(self.config, self.clock)
    }

    fn start(config: Config, clock: TestClock) -> Self {
        let provider = Provider::start_with(config.clone(), clock.clone(), SystemRandomness);
        let provider = provider.unwrap();
        Self {
            router: confidant_provider::router(provider.clone()),
            controls: ProviderControls::new(provider),
            clock,
            config,
        }
    }

    pub(crate) fn advance_clock(&self, time: Duration) {
        let millis = u64::try_from(time.as_millis()).unwrap();
        self.clock.0.fetch_add(millis, Ordering::SeqCst);
    }

    pub(crate) fn now(&self) -> u64 {
        self.clock.now().seconds()
    }

    /// Sends a request and reads the whole response.
    pub(crate) async fn send(&self, request: Request<Body>) -> TestResponse {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        TestResponse::new(parts, &body)
    }

    pub(crate) async fn get(&self, path: &str) -> TestResponse {
        self.send(Request::get(path).body(Body::empty()).unwrap())
            .await
    }

    /// Sends a GET request with a bearer token.
    pub(crate) async fn get_with_token(&self, path: &str, access_token: &str) -> TestResponse {
        let request = Request::get(path).header(header::AUTHORIZATION, bearer(access_token));
        self.send(request.body(Body::empty()).unwrap()).await
    }

    /// Posts a form without client authentication.
    pub(crate) async fn post(
        &self,
        path: &str,
        form: &[(impl AsRef<str>, impl AsRef<str>)],
    ) -> TestResponse {
        self.send(form_request(path, form)).await
    }

    /// Posts a form as `confidant-web`, authenticated by HTTP Basic.
    pub(crate) async fn post_as_web(
        &self,
        path: &str,
        form: &[(impl AsRef<str>, impl AsRef<str>)],
    ) -> TestResponse {
        self.post_as("confidant-web", path, form).await
    }

    /// Posts a form as a confidential client, authenticated by HTTP Basic.
    pub(crate) async fn post_as(
        &self,
        client: &str,
        path: &str,
        form: &[(impl AsRef<str>, impl AsRef<str>)],
    ) -> TestResponse {
        let mut request = form_request(path, form);
        let headers = request.headers_mut();
        headers.insert(header::AUTHORIZATION, basic(client, SECRET));
        self.send(request).await
    }
}

/// A form without fields.
pub(crate) const EMPTY_FORM: &[(&str, &str)] = &[];

/// Returns a request with a form.
pub(crate) fn form_request(
    path: &str,
    form: &[(impl AsRef<str>, impl AsRef<str>)],
) -> Request<Body> {
    let form = url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(form)
        .finish();
    Request::post(path)
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Body::from(form))
        .unwrap()
}

/// Returns the header of HTTP Basic, with both parts form-encoded (RFC 6749
/// section 2.3.1).
pub(crate) fn basic(client: &str, secret: &str) -> HeaderValue {
    let encode =
        |text: &str| -> String { url::form_urlencoded::byte_serialize(text.as_bytes()).collect() };
    let credentials = STANDARD.encode(format!("{}:{}", encode(client), encode(secret)));
    HeaderValue::from_str(&format!("Basic {credentials}")).unwrap()
}

pub(crate) fn bearer(token: &str) -> HeaderValue {
    HeaderValue::from_str(&format!("Bearer {token}")).unwrap()
}
