//! Graceful shutdown.

use std::{future::Future, io, time::Duration};
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::watch,
};

/// How long requests in flight may take to finish.
pub const DRAIN_TIMEOUT: Duration = Duration::from_secs(10);

/// A request to shut down, which any number of tasks can wait for.
#[derive(Clone, Debug)]
pub struct Shutdown(watch::Receiver<bool>);

impl Shutdown {
    /// Requests shutdown when this future completes.
    pub fn when(request: impl Future<Output = ()> + Send + 'static) -> Self {
        let (sender, receiver) = watch::channel(false);
        tokio::spawn(async move {
            request.await;
            sender.send_replace(true);
            // The sender must live on for tasks that start to wait later.
            sender.closed().await;
        });
        Self(receiver)
    }

    /// Requests shutdown at SIGINT (Ctrl-C) or SIGTERM.
    ///
    /// # Errors
    /// If the signal handlers cannot be installed.
    pub fn on_signal() -> io::Result<Self> {
        let mut interrupt = signal(SignalKind::interrupt())?;
        let mut terminate = signal(SignalKind::terminate())?;
        Ok(Self::when(async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        }))
    }

    /// Waits until shutdown is requested.
    pub async fn requested(mut self) {
        // An error means that the sender is gone: the runtime is shutting down.
        let _ = self.0.wait_for(|requested| *requested).await;
    }

    /// Waits until [`DRAIN_TIMEOUT`] has passed since shutdown was requested.
    pub async fn timed_out(self) {
        self.requested().await;
        tokio::time::sleep(DRAIN_TIMEOUT).await;
    }
}
