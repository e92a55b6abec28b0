//! Randomness, which the provider reads from a [`Randomness`] source only.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::RngCore as _;

/// The source of entropy for tokens, codes and keys.
pub trait Randomness: Send + Sync + 'static {
    /// Fills `bytes` with unpredictable values.
    fn fill(&self, bytes: &mut [u8]);
}

/// The thread-local generator of `rand`, seeded by the operating system.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRandomness;

impl Randomness for SystemRandomness {
    fn fill(&self, bytes: &mut [u8]) {
        rand::rng().fill_bytes(bytes);
    }
}

/// Returns `prefix` followed by 256 random bits in base64url (RFC 6749 section
/// 10.10). The prefix tells what kind of secret a leaked string is.
pub(crate) fn random_token(randomness: &dyn Randomness, prefix: &str) -> String {
    let mut bytes = [0; 32];
    randomness.fill(&mut bytes);
    format!("{prefix}{}", URL_SAFE_NO_PAD.encode(bytes))
}
