//! The demo provider in a process of its own: `confidant provider`.

use crate::{
    listen::{ListenError, listen},
    shutdown::Shutdown,
};
use confidant_bff::settings::Secret;
use confidant_provider::Config;
use std::{net::SocketAddr, path::PathBuf, time::Duration};
use url::Url;

/// The arguments of `confidant provider`.
#[derive(Debug)]
pub struct Standalone {
    /// The address to listen on; the issuer is `http://` and this address.
    pub listen: SocketAddr,
    /// The URL of the application whose clients the provider knows.
    pub app_url: Url,
    /// The confidential client's secret.
    pub client_secret: Secret,
    /// The file that keeps the provider's state across restarts.
    pub state_file: Option<PathBuf>,
    /// The lifetime of access tokens.
    pub access_token_lifetime: Duration,
}

/// Why the demo provider cannot run.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// Its address cannot be bound.
    #[error(transparent)]
    Listen(#[from] ListenError),
    /// It could not start, or failed while it served.
    #[error("the demo provider cannot run: {0}")]
    Provider(#[from] confidant_provider::ServeError),
    /// Its task ended by itself.
    #[error("the demo provider ended unexpectedly")]
    Ended,
}

/// Runs the demo provider until shutdown is requested.
///
/// # Errors
/// If the address cannot be bound, or the state file cannot be read or written.
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
