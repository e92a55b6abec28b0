//! The demo provider inside the server.

use super::standalone::DemoError;
use crate::{
    config::{Config, DemoProvider},
    listen::{ListenError, listen},
};
use confidant_provider::{Provider, ServeError};
use std::{path::PathBuf, time::Duration};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};
use url::Url;

/// How long the provider may take to stop.
const STOP_TIMEOUT: Duration = Duration::from_secs(2);

/// A demo provider that listens but does not serve yet.
pub struct Embedded {
    demo: DemoProvider,
    listener: TcpListener,
}

impl Embedded {
    /// Listens on the demo provider's address. Returns `None` if the
    /// configuration has no demo provider.
    ///
    /// # Errors
    /// If the address is in use or cannot be bound.
    pub async fn listen(config: &Config) -> Result<Option<Self>, ListenError> {
        let Some(demo) = config.demo_provider.clone() else {
            return Ok(None);
        };
        let listener = listen("the demo provider", demo.listen, "demo_provider").await?;
        Ok(Some(Self { demo, listener }))
    }

    /// Loads the provider's state and serves until [`Running::stop`].
    ///
    /// # Errors
    /// If the state file cannot be read or written.
    pub fn start(self, config: &Config) -> Result<Running, DemoError> {
        let state_file = config.beside_store("provider.json");
        let provider_config = provider_config(&self.demo, &config.settings.public_url, state_file);
        let provider = Provider::start(provider_config).map_err(ServeError::from)?;
        let (stop, stop_requested) = oneshot::channel::<()>();
        tracing::info!("the demo provider is at {}", self.demo.issuer);
        let task = tokio::spawn(confidant_provider::run(
            provider.clone(),
            self.listener,
            async {
                // An error means that the sender was dropped, which stops the
                // provider, too.
                let _ = stop_requested.await;
            },
        ));
        Ok(Running {
            provider,
            stop,
            task,
        })
    }
}

/// A demo provider that serves.
pub struct Running {
    provider: Provider,
    stop: oneshot::Sender<()>,
    task: JoinHandle<Result<(), ServeError>>,
}

impl Running {
    /// Returns the provider.
    pub fn provider(&self) -> &Provider {
        &self.provider
    }

    /// Waits until the provider ends by itself, which is an error.
    pub async fn ended(&mut self) -> DemoError {
        match (&mut self.task).await {
            Ok(Err(error)) => error.into(),
            _ => DemoError::Ended,
        }
    }

    /// Stops the provider. Waits at most two seconds until it has ended.
    pub async fn stop(self) {
        drop(self.stop);
        if !self.task.is_finished() {
            let _ = tokio::time::timeout(STOP_TIMEOUT, self.task).await;
        }
    }
}

/// Returns the configuration of the provider inside the server. `state_file`
/// keeps its tokens across restarts. The client secret is not in that file and
/// may change.
pub fn provider_config(
    demo: &DemoProvider,
    public_url: &Url,
    state_file: PathBuf,
) -> confidant_provider::Config {
    confidant_provider::Config {
        state_file: Some(state_file),
        controls: true,
        ..confidant_provider::Config::demo(
            &public_url.origin().ascii_serialization(),
            &demo.issuer,
            demo.client_secret.reveal(),
        )
    }
}
