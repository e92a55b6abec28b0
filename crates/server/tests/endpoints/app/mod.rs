//! The server under test, the demo provider, and browsers.

mod browser;
mod response;
mod token_endpoint;

pub(crate) use browser::{Browser, callback_parameters};
pub(crate) use response::{TestResponse, parameter};
pub(crate) use token_endpoint::{ScriptedResponse, TokenEndpoint};

use axum::{Router, body::Body, http::Request, response::Response};
use confidant::{
    config::{Config, DemoProvider, Environment},
    demo::{self, fault_controls},
    serve,
};
use confidant_bff::settings::Secret;
use confidant_provider::Provider;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tower::ServiceExt;

/// The client secret that the server and the provider share.
pub(crate) const CLIENT_SECRET: &str = "client-secret-of-the-tests";

/// A server in this process, and its demo provider on a port of its own.
pub(crate) struct TestApp {
    router: Router,
    /// The demo provider's router. `None` if another program plays the provider.
    provider: Option<Router>,
    demo: Option<Provider>,
    config: Config,
    _folder: TempDir,
}

impl TestApp {
    /// Starts a server and the demo provider.
    pub(crate) async fn start() -> Self {
        Self::start_with(|_, _| ()).await
    }

    /// Starts a server and the demo provider with a changed configuration.
    pub(crate) async fn start_with(
        change: impl FnOnce(&mut Config, &mut confidant_provider::Config),
    ) -> Self {
        Self::start_with_token_endpoint(&TokenEndpoint::default(), change).await
    }

    /// Starts a server and the demo provider with this token endpoint in front of
    /// the provider's own.
    pub(crate) async fn start_with_token_endpoint(
        token_endpoint: &TokenEndpoint,
        change: impl FnOnce(&mut Config, &mut confidant_provider::Config),
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let mut config = load_config(&folder, &listener);
        let mut settings = demo::provider_config(
            config.demo_provider.as_ref().unwrap(),
            &config.settings.public_url,
            folder.path().join("provider.json"),
        );
        change(&mut config, &mut settings);
        let demo = Provider::start(settings).unwrap();
        let provider = token_endpoint.in_front_of(confidant_provider::router(demo.clone()));
        tokio::spawn(axum::serve(listener, provider.clone()).into_future());
        // As in `serve`: without the demo there are no controls.
        let demo = config.demo_provider.is_some().then_some(demo);
        Self::assemble(folder, config, Some(provider), demo).await
    }

    /// Starts a server whose provider is this router.
    pub(crate) async fn start_with_provider(provider: Router) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let config = load_config(&folder, &listener);
        tokio::spawn(axum::serve(listener, provider).into_future());
        Self::assemble(folder, config, None, None).await
    }

    async fn assemble(
        folder: TempDir,
        config: Config,
        provider: Option<Router>,
        demo: Option<Provider>,
    ) -> Self {
        Self {
            router: build_router(&config, demo.clone()).await,
            provider,
            demo,
            config,
            _folder: folder,
        }
    }

    /// Changes the configuration for the next restart.
    pub(crate) fn change(&mut self, change: impl FnOnce(&mut Config)) {
        change(&mut self.config);
    }

    /// Returns the server after a restart, with nothing left in memory.
    pub(crate) async fn restarted(self) -> Self {
        Self::assemble(self._folder, self.config, self.provider, self.demo).await
    }

    /// Returns the demo provider's address and secret.
    pub(crate) fn demo(&self) -> &DemoProvider {
        self.config.demo_provider.as_ref().unwrap()
    }

    /// Returns the demo provider, to be controlled directly.
    pub(crate) fn provider(&self) -> &Provider {
        self.demo.as_ref().expect("the demo provider")
    }

    /// Returns a browser without cookies.
    pub(crate) fn browser(&self) -> Browser<'_> {
        Browser::new(self)
    }

    /// Sends a request to the server and reads the whole response.
    pub(crate) async fn send(&self, request: Request<Body>) -> TestResponse {
        TestResponse::read(self.stream(request).await).await
    }

    /// Sends a request to the server. The response body is still to be read.
    pub(crate) async fn stream(&self, request: Request<Body>) -> Response {
        self.router.clone().oneshot(request).await.unwrap()
    }

    /// Returns a second server on the same store.
    pub(crate) async fn replica(&self) -> Router {
        build_router(&self.config, self.demo.clone()).await
    }

    /// Returns another handle of the library on the same store.
    pub(crate) async fn bff(&self) -> confidant_bff::Bff {
        let site = serve::site_options().unwrap();
        serve::build_bff(&self.config, &site).await.unwrap()
    }

    /// Returns the server's router.
    pub(crate) fn router(&self) -> Router {
        self.router.clone()
    }

    /// Revokes a token at the provider without the server's knowledge.
    pub(crate) async fn revoke(&self, token: &str) {
        let body = format!("client_id=confidant-web&client_secret={CLIENT_SECRET}&token={token}");
        let request = Request::post("/revoke")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .unwrap();
        let response = self.send_to_provider(request).await;
        assert!(response.status.is_success(), "{}", response.text);
    }

    /// Sends a request to the provider and reads the whole response.
    pub(crate) async fn send_to_provider(&self, request: Request<Body>) -> TestResponse {
        let provider = self.provider.clone().expect("the demo provider");
        TestResponse::read(provider.oneshot(request).await.unwrap()).await
    }
}

/// Builds a server with this configuration, as `confidant serve` does.
async fn build_router(config: &Config, demo: Option<Provider>) -> Router {
    let site = serve::site_options().unwrap();
    let bff = serve::build_bff(config, &site).await.unwrap();
    let controls = demo.and_then(|provider| fault_controls(config, &bff, provider));
    serve::build_router(bff, controls, site)
}

fn load_config(folder: &TempDir, provider: &TcpListener) -> Config {
    let store = format!("sqlite:{}", folder.path().join("confidant.db").display());
    let environment: Environment = [
        ("CONFIDANT_STORE", store.as_str()),
        (
            "CONFIDANT_DEMO_PROVIDER",
            &provider.local_addr().unwrap().to_string(),
        ),
        ("DEMO_CLIENT_SECRET", CLIENT_SECRET),
    ]
    .into_iter()
    .collect();
    Config::load(None, &environment, &|| Secret::new("unused")).unwrap()
}
