//! Short names of tokens: `at·7f3a9c`.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use std::{fmt, str::FromStr};

/// The kind of secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TokenKind {
    /// An access token.
    Access,
    /// A refresh token.
    Refresh,
    /// An OpenID Connect ID token.
    Id,
    /// An authorization code.
    Code,
    /// A `state` or `nonce`, or another one-time value.
    Once,
}

impl TokenKind {
    const ALL: [Self; 5] = [
        Self::Access,
        Self::Refresh,
        Self::Id,
        Self::Code,
        Self::Once,
    ];

    fn prefix(self) -> &'static str {
        match self {
            Self::Access => "at",
            Self::Refresh => "rt",
            Self::Id => "id",
            Self::Code => "code",
            Self::Once => "once",
        }
    }
}

/// The first three bytes of a secret's SHA-256 digest. The same token has the same
/// fingerprint everywhere, and the token cannot be computed from it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Fingerprint {
    kind: TokenKind,
    digest: [u8; 3],
}

impl Fingerprint {
    /// Creates the fingerprint of a secret of this kind from the start of its digest.
    pub fn new(kind: TokenKind, digest: [u8; 3]) -> Self {
        Self { kind, digest }
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [a, b, c] = self.digest;
        write!(f, "{}·{a:02x}{b:02x}{c:02x}", self.kind.prefix())
    }
}

/// The text is not a fingerprint.
#[derive(Debug, PartialEq, Eq)]
pub struct NotAFingerprint;

impl fmt::Display for NotAFingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a fingerprint: expected a form like at·7f3a9c")
    }
}

impl FromStr for Fingerprint {
    type Err = NotAFingerprint;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (prefix, hex) = text.split_once('·').ok_or(NotAFingerprint)?;
        let kind = TokenKind::ALL
            .into_iter()
            .find(|kind| kind.prefix() == prefix)
            .ok_or(NotAFingerprint)?;
        if hex.len() != 6 || !hex.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(NotAFingerprint);
        }
        let number = u32::from_str_radix(hex, 16).map_err(|_| NotAFingerprint)?;
        let [_, a, b, c] = number.to_be_bytes();
        Ok(Self::new(kind, [a, b, c]))
    }
}

impl Serialize for Fingerprint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Fingerprint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?
            .parse()
            .map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_reads_as_it_was_written() {
        let it = Fingerprint::new(TokenKind::Access, [0x7f, 0x3a, 0x9c]);
        assert_eq!(it.to_string(), "at·7f3a9c");
        assert_eq!("at·7f3a9c".parse(), Ok(it));
    }

    #[test]
    fn a_token_cannot_be_smuggled_in_a_fingerprint() {
        for text in [
            "",
            "at",
            "at·",
            "at·7f3a9",
            "at·7f3a9c0",
            "at·+f3a9c",
            "xx·7f3a9c",
            "eyJhbGciOiJFUzI1NiJ9",
        ] {
            assert_eq!(text.parse::<Fingerprint>(), Err(NotAFingerprint), "{text}");
        }
    }
}
