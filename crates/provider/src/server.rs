//! Serving a provider on a listener.

use std::{future::Future, io, net::SocketAddr};

use thiserror::Error;
use tokio::net::TcpListener;

use crate::{
    config::Config,
    provider::{Provider, StartError},
    router::router,
};

/// The provider could not start, or stopped because of an error.
#[derive(Debug, Error)]
pub enum ServeError {
    /// The provider could not start.
    #[error(transparent)]
    Start(#[from] StartError),
    /// The listener failed.
    #[error("the provider's listener failed: {0}")]
    Listener(#[from] io::Error),
}

/// Starts a provider and serves it on `listener` until `shutdown` completes and
/// all requests in progress have finished.
///
/// # Errors
/// When the provider cannot start, or the listener fails.
pub async fn serve(
    config: Config,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    run(Provider::start(config)?, listener, shutdown).await
}

/// Serves a provider that the caller has started, like [`serve`].
///
/// # Errors
/// When the listener fails.
pub async fn run(
    provider: Provider,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    // The control API needs the address of the peer.
    let service = router(provider).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service)
        .with_graceful_shutdown(shutdown)
        .await?;
    Ok(())
}
