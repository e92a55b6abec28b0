//! Refresh tokens that can be made a second time.

use crate::digest::Digest;

/// The successor that grace B gives for `token`, the same each time.
///
/// It is worked out from the token that the client presents, because the
/// provider keeps digests only: a stored successor would put a live token
/// into the state file, and one kept in memory would not survive a restart
/// inside the window. Without `key` a stolen old token tells nothing of it.
pub(crate) fn successor(key: &str, token: &str) -> String {
    let parts = [key, "refresh token successor", token];
    let digest = Digest::of_fields(&parts.map(str::as_bytes));
    format!("mrt_{}", digest.base64url())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_has_one_successor_under_one_key() {
        assert_eq!(successor("key", "one"), successor("key", "one"));
        assert_ne!(successor("key", "one"), successor("key", "two"));
        assert_ne!(successor("key", "one"), successor("other key", "one"));
    }
}
