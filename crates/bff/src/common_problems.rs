//! What users are told of failures that occur in several operations.

use confidant_wire::{Code, Problem};
use std::time::Duration;

pub(crate) fn unavailable(retry_after: Duration) -> Problem {
    Problem::new(
        Code::ProviderUnavailable,
        "The provider does not answer at the moment. Nothing was lost; try again shortly.",
    )
    .retry_after(retry_after.as_secs().max(1))
}

pub(crate) fn misconfigured() -> Problem {
    Problem::new(
        Code::ClientMisconfigured,
        "The provider refuses this application. Its operator has to look at the configuration.",
    )
}
