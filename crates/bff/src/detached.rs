//! Work that goes on when the caller goes away.

use std::{future::Future, panic::resume_unwind};
use tracing::Instrument as _;

/// Runs a future as a task of its own and waits for it. A browser that closes its
/// connection drops the waiting future, and not the task.
pub(crate) async fn run_detached<T: Send + 'static>(
    work: impl Future<Output = T> + Send + 'static,
) -> T {
    match tokio::spawn(work.in_current_span()).await {
        Ok(result) => result,
        Err(error) => match error.try_into_panic() {
            Ok(panic) => resume_unwind(panic),
            // The runtime is shutting down, and drops this future, too.
            Err(_) => std::future::pending().await,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{
        sync::{
            Arc,
            atomic::{AtomicBool, Ordering},
        },
        time::Duration,
    };

    #[tokio::test(start_paused = true)]
    async fn work_goes_on_when_its_caller_goes_away() {
        let done = Arc::new(AtomicBool::new(false));
        let work = {
            let done = done.clone();
            async move {
                tokio::time::sleep(Duration::from_secs(2)).await;
                done.store(true, Ordering::Relaxed);
            }
        };
        let caller = tokio::time::timeout(Duration::from_secs(1), run_detached(work));
        assert!(caller.await.is_err());
        tokio::time::sleep(Duration::from_secs(2)).await;
        assert!(done.load(Ordering::Relaxed));
    }
}
