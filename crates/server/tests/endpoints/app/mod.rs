//! The server under test, the provider beside it, and browsers.

mod answer;
mod browser;
mod token_endpoint;

pub(crate) use answer::{Answer, parameter};
pub(crate) use browser::{Browser, answer_fields};
pub(crate) use token_endpoint::{Scripted, TokenEndpoint};

use axum::{Router, body::Body, http::Request, response::Response};
use confidant::{
    config::{Config, DemoProvider, Environment},
    demo::{self, Embedded},
    serve,
};
use confidant_bff::settings::Secret;
use confidant_provider::Provider;
use tempfile::TempDir;
use tokio::net::TcpListener;
use tower::ServiceExt;

/// What both sides are told in confidence.
pub(crate) const CLIENT_SECRET: &str = "client-secret-of-the-tests";

/// A server, in process, and its demo provider on a port of its own.
pub(crate) struct TestApp {
    router: Router,
    /// The provider as a browser sees it; none where something else is there.
    provider: Option<Router>,
    demo: Option<Provider>,
    config: Config,
    _folder: TempDir,
}

impl TestApp {
    /// A server with the demo provider.
    pub(crate) async fn start() -> Self {
        Self::start_with(|_, _| ()).await
    }

    /// A server with a demo provider, both set up differently.
    pub(crate) async fn start_with(
        change: impl FnOnce(&mut Config, &mut confidant_provider::Config),
    ) -> Self {
        Self::start_behind(&TokenEndpoint::default(), change).await
    }

    /// The same, with this token endpoint before the provider's own.
    pub(crate) async fn start_behind(
        token_endpoint: &TokenEndpoint,
        change: impl FnOnce(&mut Config, &mut confidant_provider::Config),
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let mut config = configured(&folder, &listener);
        let mut settings = demo::config(
            config.demo_provider.as_ref().unwrap(),
            &config.settings.public_url,
            folder.path().join("provider.json"),
        );
        change(&mut config, &mut settings);
        let demo = Provider::start(settings).unwrap();
        let provider = token_endpoint.before(confidant_provider::router(demo.clone()));
        tokio::spawn(axum::serve(listener, provider.clone()).into_future());
        // As in `serve`: without a demo there is nothing to control.
        let demo = config.demo_provider.is_some().then_some(demo);
        Self::assemble(folder, config, Some(provider), demo).await
    }

    /// A server at whose provider's address these answers are given.
    pub(crate) async fn with_impostor(impostor: Router) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let config = configured(&folder, &listener);
        tokio::spawn(axum::serve(listener, impostor).into_future());
        Self::assemble(folder, config, None, None).await
    }

    async fn assemble(
        folder: TempDir,
        config: Config,
        provider: Option<Router>,
        demo: Option<Provider>,
    ) -> Self {
        Self {
            router: assemble(&config, demo.clone()).await,
            provider,
            demo,
            config,
            _folder: folder,
        }
    }

    /// The same server after a restart: everything that was in memory is gone.
    pub(crate) async fn restarted(self) -> Self {
        Self::assemble(self._folder, self.config, self.provider, self.demo).await
    }

    /// The demo provider's address and secret.
    pub(crate) fn demo(&self) -> &DemoProvider {
        self.config.demo_provider.as_ref().unwrap()
    }

    /// The demo provider, to be controlled from behind.
    pub(crate) fn provider(&self) -> &Provider {
        self.demo.as_ref().expect("the demo provider")
    }

    /// A browser without cookies.
    pub(crate) fn browser(&self) -> Browser<'_> {
        Browser::new(self)
    }

    /// What the server answers.
    pub(crate) async fn answer(&self, request: Request<Body>) -> Answer {
        Answer::read(self.respond(request).await).await
    }

    /// What the server answers, as it comes.
    pub(crate) async fn respond(&self, request: Request<Body>) -> Response {
        self.router.clone().oneshot(request).await.unwrap()
    }

    /// The same server once more, beside the first one, on the same store.
    pub(crate) async fn replica(&self) -> Router {
        assemble(&self.config, self.demo.clone()).await
    }

    /// The server, to be put on a port.
    pub(crate) fn router(&self) -> Router {
        self.router.clone()
    }

    /// Ends a token's grant at the provider, behind the server's back.
    pub(crate) async fn revoke(&self, token: &str) {
        let body = format!("client_id=confidant-web&client_secret={CLIENT_SECRET}&token={token}");
        let request = Request::post("/revoke")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(Body::from(body))
            .unwrap();
        let answer = self.provider_answer(request).await;
        assert!(answer.status.is_success(), "{}", answer.text);
    }

    /// What the provider answers.
    pub(crate) async fn provider_answer(&self, request: Request<Body>) -> Answer {
        let provider = self.provider.clone().expect("the demo provider");
        Answer::read(provider.oneshot(request).await.unwrap()).await
    }
}

/// Builds the server of this configuration, as `confidant serve` does.
async fn assemble(config: &Config, demo: Option<Provider>) -> Router {
    let site = serve::site().unwrap();
    let bff = serve::open(config, &site).await.unwrap();
    let controls = demo.and_then(|provider| Embedded::controls(config, &bff, provider));
    serve::assemble(bff, controls, site)
}

fn configured(folder: &TempDir, provider: &TcpListener) -> Config {
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
