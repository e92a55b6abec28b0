//! The demo provider, inside the server or alone.

use crate::{
    config::DemoProvider,
    listen::{ListenError, listen},
    shutdown::Shutdown,
};
use confidant_bff::settings::Secret;
use confidant_provider::Config;
use std::{net::SocketAddr, path::PathBuf, time::Duration};
use tokio::net::TcpListener;
use url::Url;

/// How a demo provider that runs alone is started.
#[derive(Debug)]
pub struct Alone {
    /// Where it listens; its issuer is `http://` and this.
    pub listen: SocketAddr,
    /// The origin of the application that its clients are.
    pub app_url: Url,
    /// The confidential client's secret.
    pub client_secret: Secret,
    /// Where its state is kept across restarts.
    pub state_file: Option<PathBuf>,
    /// How long access tokens live.
    pub access_token_lifetime: Duration,
}

/// Why there is no demo provider.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// It has nowhere to listen.
    #[error(transparent)]
    Listen(#[from] ListenError),
    /// It cannot start, or failed.
    #[error("the demo provider cannot run: {0}")]
    Provider(#[from] confidant_provider::ServeError),
}

/// How the provider inside the server is set up. `state_file` keeps its tokens
/// across restarts; the client secret is not in it, and may change.
pub fn embedded(demo: &DemoProvider, public_url: &Url, state_file: PathBuf) -> Config {
    Config {
        state_file: Some(state_file),
        controls: true,
        ..Config::demo(
            &public_url.origin().ascii_serialization(),
            &demo.issuer,
            demo.client_secret.reveal(),
        )
    }
}

/// Runs a demo provider alone until it is told to stop.
///
/// # Errors
/// When it cannot listen, or cannot use its state file.
pub async fn alone(settings: Alone, shutdown: Shutdown) -> Result<(), DemoError> {
    let listener = listener(settings.listen, "--listen").await?;
    let issuer = format!("http://{}", settings.listen);
    let config = Config {
        state_file: settings.state_file,
        controls: true,
        access_token_lifetime: settings.access_token_lifetime,
        ..Config::demo(
            &settings.app_url.origin().ascii_serialization(),
            &issuer,
            settings.client_secret.reveal(),
        )
    };
    tracing::info!("the demo provider is at {issuer}");
    tokio::select! {
        ended = confidant_provider::serve(config, listener, shutdown.clone().requested()) => Ok(ended?),
        () = shutdown.timed_out() => Ok(()),
    }
}

/// Where the demo provider listens.
///
/// # Errors
/// When it cannot.
pub async fn listener(address: SocketAddr, key: &'static str) -> Result<TcpListener, ListenError> {
    listen("the demo provider", address, key).await
}
