//! What a provider does with a refresh token after its use.

use serde::{Deserialize, Serialize};
use std::time::Duration;

/// What a provider does with a refresh token that it has seen before.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reuse {
    /// It stays valid: presenting it again is harmless.
    Reusable,
    /// It stays valid for this long after its first use.
    Grace(Duration),
    /// It is spent, and presenting it again reads as theft
    /// (RFC 9700, section 4.14.2).
    #[default]
    Strict,
}

impl Reuse {
    /// Whether a refresh token whose last response was lost may be presented
    /// again, this long after its first use.
    pub fn may_present_again(self, since_first_use: Duration) -> bool {
        match self {
            Self::Reusable => true,
            Self::Grace(window) => since_first_use < window,
            Self::Strict => false,
        }
    }
}
