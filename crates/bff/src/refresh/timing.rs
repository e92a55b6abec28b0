//! Deadlines and leases of the refresh engine.

use std::time::Duration;

/// How long the steps of a refresh may take.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    /// The deadline of a token request, response included.
    pub deadline: Duration,
    /// How long a lease is valid. Longer than the deadline.
    pub lease: Duration,
    /// The pause before the one retry of a request that was not processed.
    pub pause: Duration,
    /// How long before its expiry an access token is refreshed, at least; see
    /// [`RefreshAhead`](confidant_protocol::refresh_policy::RefreshAhead).
    pub ahead: Duration,
}

impl Timing {
    /// Derives all times from the deadline of a token request. A lease is long
    /// enough for a request and its one retry.
    pub fn with_deadline(deadline: Duration) -> Self {
        Self {
            deadline,
            lease: deadline * 3,
            pause: deadline / 20,
            ahead: Duration::from_secs(60),
        }
    }
}

impl Default for Timing {
    fn default() -> Self {
        Self::with_deadline(Duration::from_secs(5))
    }
}
