//! The lengths of pauses.

use crate::{clock::millis, refresh::error::TokenError};
use confidant_wire::UnixMillis;
use std::time::Duration;

/// The first pause. Each further pause is twice as long.
const FIRST: Duration = Duration::from_millis(500);
/// The longest pause that this client chooses.
pub(super) const LONGEST: Duration = Duration::from_secs(30);
/// The longest pause that a provider may request.
pub(super) const LONGEST_REQUESTED: Duration = Duration::from_secs(300);

/// Returns the length of the first, second, … pause in a row.
pub(super) fn length(number: u32) -> Duration {
    let doublings = number.saturating_sub(1).min(16);
    FIRST.saturating_mul(1 << doublings).min(LONGEST)
}

/// Returns the error during a pause that ends at `until`.
pub(super) fn unavailable(until: UnixMillis, now: UnixMillis) -> TokenError {
    TokenError::Unavailable {
        retry_after: Duration::from_millis(until.saturating_sub(now)),
    }
}

/// Returns the later of `until` and the end of a pause that begins now.
pub(super) fn extend(until: UnixMillis, now: UnixMillis, pause: Duration) -> UnixMillis {
    until.max(now.saturating_add(millis(pause)))
}
