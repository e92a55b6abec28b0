//! The demo provider inside the server.

use super::{DemoError, controls::Controls};
use crate::{
    config::{Config, DemoProvider},
    listen::{ListenError, listen},
};
use confidant_app::faults::SharedFaultControls;
use confidant_bff::Bff;
use confidant_provider::{Provider, ServeError};
use std::{path::PathBuf, sync::Arc, time::Duration};
use tokio::{net::TcpListener, sync::oneshot, task::JoinHandle};
use url::Url;

/// How long the provider may take to stop.
const STOP_TIMEOUT: Duration = Duration::from_secs(2);

/// A demo provider whose port is taken and whose state is loaded.
pub struct Embedded {
    provider: Provider,
    listener: TcpListener,
    issuer: String,
}

impl Embedded {
    /// Takes the port. Returns `None` when the configuration has no demo
    /// provider.
    ///
    /// # Errors
    /// When the port cannot be taken.
    pub async fn listen(config: &Config) -> Result<Option<TcpListener>, ListenError> {
        match &config.demo_provider {
            Some(demo) => listen("the demo provider", demo.listen, "demo_provider")
                .await
                .map(Some),
            None => Ok(None),
        }
    }

    /// Loads the provider's state.
    ///
    /// # Errors
    /// When the state file cannot be used.
    pub fn start(config: &Config, listener: TcpListener) -> Result<Option<Self>, DemoError> {
        let Some(demo) = &config.demo_provider else {
            return Ok(None);
        };
        let state_file = config.beside_store("provider.json");
        let settings = self::config(demo, &config.settings.public_url, state_file);
        let provider = Provider::start(settings).map_err(ServeError::from)?;
        Ok(Some(Self {
            provider,
            listener,
            issuer: demo.issuer.clone(),
        }))
    }

    /// Returns the provider.
    pub fn provider(&self) -> &Provider {
        &self.provider
    }

    /// Returns the controls of the fault panel over a provider that runs
    /// beside this backend; `None` when no configured provider is this one.
    pub fn controls(config: &Config, bff: &Bff, provider: Provider) -> Option<SharedFaultControls> {
        let controls = Controls::new(config, bff.clone(), provider)?;
        Some(Arc::new(controls))
    }

    /// Serves until [`Running::stop`].
    pub fn run(self) -> Running {
        let (stop, stopped) = oneshot::channel::<()>();
        tracing::info!("the demo provider is at {}", self.issuer);
        let task = tokio::spawn(confidant_provider::run(
            self.provider,
            self.listener,
            async {
                // Sent or dropped, either way it is time.
                let _ = stopped.await;
            },
        ));
        Running { stop, task }
    }
}

/// A demo provider that serves.
pub struct Running {
    stop: oneshot::Sender<()>,
    task: JoinHandle<Result<(), ServeError>>,
}

impl Running {
    /// Waits until the provider ends by itself, which is an error.
    pub async fn ended(&mut self) -> DemoError {
        match (&mut self.task).await {
            Ok(Err(error)) => error.into(),
            _ => DemoError::Ended,
        }
    }

    /// Stops the provider, and waits for it for two seconds at most.
    pub async fn stop(self) {
        drop(self.stop);
        if !self.task.is_finished() {
            let _ = tokio::time::timeout(STOP_TIMEOUT, self.task).await;
        }
    }
}

/// Returns the configuration of the provider inside the server. `state_file`
/// keeps its tokens across restarts; the client secret is not in that file, and
/// may change.
pub fn config(
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
