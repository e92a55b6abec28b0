//! When to stop, and how long that may take.

use std::{future::Future, io, time::Duration};
use tokio::{
    signal::unix::{SignalKind, signal},
    sync::watch,
};

/// How long requests under way may take to finish.
pub const DRAIN_TIMEOUT: Duration = Duration::from_secs(10);

/// Tells everybody who asks that it is time to stop.
#[derive(Clone, Debug)]
pub struct Shutdown(watch::Receiver<bool>);

impl Shutdown {
    /// Begins when this future ends.
    pub fn when(request: impl Future<Output = ()> + Send + 'static) -> Self {
        let (sender, receiver) = watch::channel(false);
        tokio::spawn(async move {
            request.await;
            sender.send_replace(true);
            // Whoever asks later is told as well.
            sender.closed().await;
        });
        Self(receiver)
    }

    /// Begins at SIGINT (Ctrl-C) or SIGTERM.
    ///
    /// # Errors
    /// When this process may not watch for signals.
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

    /// Waits until it begins.
    pub async fn requested(mut self) {
        // An error means that nobody is left who could begin it.
        let _ = self.0.wait_for(|requested| *requested).await;
    }

    /// Waits until it began and the time to finish is over.
    pub async fn timed_out(self) {
        self.requested().await;
        tokio::time::sleep(DRAIN_TIMEOUT).await;
    }
}
