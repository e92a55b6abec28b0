//! A pause after a failed refresh, in which the provider is left alone.

use crate::{Error, platform::Platform};
use confidant_protocol::refresh_policy::RetryPolicy;
use std::{cell::RefCell, rc::Rc};

/// The pause of one client in this page.
#[derive(Clone)]
pub(crate) struct Cooldown<P> {
    platform: P,
    pause: Rc<RefCell<Option<Pause>>>,
}

struct Pause {
    /// When it ends, by the steady clock.
    until: u64,
    /// The error that callers get until then.
    error: Error,
}

impl<P: Platform> Cooldown<P> {
    pub(crate) fn new(platform: P) -> Self {
        Self {
            platform,
            pause: Rc::default(),
        }
    }

    /// Starts a pause, as long as the provider asked for but not shorter than
    /// the policy's.
    pub(crate) fn start(&self, error: &Error) {
        let now = self.platform.now().steady;
        let requested = error.retry_after.unwrap_or_default().saturating_mul(1000);
        *self.pause.borrow_mut() = Some(Pause {
            until: now.saturating_add(requested.max(RetryPolicy::STANDARD.cooldown_ms)),
            error: error.clone(),
        });
    }

    /// Ends the pause.
    pub(crate) fn clear(&self) {
        self.pause.take();
    }

    /// Returns the error that started the pause, while it lasts.
    pub(crate) fn error(&self) -> Option<Error> {
        let now = self.platform.now().steady;
        let pause = self.pause.borrow();
        let pause = pause.as_ref().filter(|pause| now < pause.until)?;
        let mut error = pause.error.clone();
        if error.retry_after.is_some() {
            error.retry_after = Some((pause.until - now).div_ceil(1000));
        }
        Some(error)
    }
}
