//! The demo provider in a process of its own: `confidant provider`.

use crate::{
    listen::{ListenError, listen},
    shutdown::Shutdown,
};
use confidant_bff::settings::Secret;
use confidant_provider::Config;
use std::{net::SocketAddr, path::PathBuf, time::Duration};
use url::Url;

/// How a demo provider of its own process is started.
#[derive(Debug)]
pub struct Standalone {
    /// The address to listen on; the issuer is `http://` and this address.
    pub listen: SocketAddr,
    /// The URL of the application that is its client.
    pub app_url: Url,
    /// The confidential client's secret.
    pub client_secret: Secret,
    /// The file that keeps its state across restarts.
    pub state_file: Option<PathBuf>,
    /// How long access tokens live.
    pub access_token_lifetime: Duration,
}

/// Why the demo provider does not run.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// It cannot listen.
    #[error(transparent)]
    Listen(#[from] ListenError),
    /// It cannot start, or failed.
    #[error("the demo provider cannot run: {0}")]
    Provider(#[from] confidant_provider::ServeError),
    /// Its task ended by itself.
    #[error("the demo provider ended unexpectedly")]
    Ended,
}

/// Runs the demo provider until it is told to stop.
///
/// # Errors
/// When it cannot listen, or cannot use its state file.
pub async fn run(settings: Standalone, shutdown: Shutdown) -> Result<(), DemoError> {
    let listener = listen("the demo provider", settings.listen, "--listen").await?;
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
