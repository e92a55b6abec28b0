//! Randomness, as the provider is given it.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use rand::RngCore as _;

/// Where tokens, codes and keys get their entropy.
pub trait Randomness: Send + Sync + 'static {
    /// Fills `bytes` with unpredictable values.
    fn fill(&self, bytes: &mut [u8]);
}

/// The operating system's entropy, stretched by `rand`'s generator.
#[derive(Clone, Copy, Debug, Default)]
pub struct SystemRandomness;

impl Randomness for SystemRandomness {
    fn fill(&self, bytes: &mut [u8]) {
        rand::rng().fill_bytes(bytes);
    }
}

/// 256 random bits, unguessable as RFC 6749 section 10.10 asks, behind a
/// prefix that says what the string is when one turns up where it should not.
pub(crate) fn random_token(randomness: &dyn Randomness, prefix: &str) -> String {
    let mut bytes = [0; 32];
    randomness.fill(&mut bytes);
    format!("{prefix}{}", URL_SAFE_NO_PAD.encode(bytes))
}
