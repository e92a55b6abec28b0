//! Refresh tokens that the provider can issue a second time.

use crate::digest::Digest;

/// Derives the successor of `token` that grace B returns, the same each time.
///
/// The provider stores digests only. Storing the successor instead would put a
/// valid token into the state file, and keeping it in memory would lose it at a
/// restart within the grace period. Without `key`, a stolen old token does not
/// reveal its successor.
pub(crate) fn derive_successor(key: &str, token: &str) -> String {
    let parts = [key, "refresh token successor", token];
    let digest = Digest::of_fields(&parts.map(str::as_bytes));
    format!("mrt_{}", digest.base64url())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_has_one_successor_for_each_key() {
        let successor = derive_successor("key", "one");
        assert_eq!(successor, derive_successor("key", "one"));
        assert_ne!(successor, derive_successor("key", "two"));
        assert_ne!(successor, derive_successor("other key", "one"));
    }
}
