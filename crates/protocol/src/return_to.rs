//! Where the browser goes after a sign-in: a path of this application.

use serde::{Deserialize, Serialize};
use std::{fmt, str::FromStr};

/// The longest accepted path, in bytes.
pub const MAX_LENGTH: usize = 2048;

/// A path of this application, with query and fragment. It cannot lead to
/// another origin (open redirection: RFC 9700, section 4.11).
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ReturnTo(String);

/// Why a text is not accepted as a path of this application.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum InvalidReturnTo {
    /// It does not begin with a slash: a relative path or an absolute URL.
    NotAPath,
    /// It begins with `//` or `/\`, after which browsers read a host name.
    OtherHost,
    /// It contains a backslash, which browsers turn into a slash, a control
    /// character, which they drop before they parse, a space, or a character
    /// outside ASCII.
    ForbiddenCharacter,
    /// It is longer than [`MAX_LENGTH`].
    TooLong,
}

impl ReturnTo {
    /// Returns the path.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Checks a path without taking it.
fn check(path: &str) -> Result<(), InvalidReturnTo> {
    if path.len() > MAX_LENGTH {
        return Err(InvalidReturnTo::TooLong);
    }
    let rest = path.strip_prefix('/').ok_or(InvalidReturnTo::NotAPath)?;
    if rest.starts_with(['/', '\\']) {
        return Err(InvalidReturnTo::OtherHost);
    }
    let allowed = |c: u8| c.is_ascii_graphic() && c != b'\\';
    if !path.bytes().all(allowed) {
        return Err(InvalidReturnTo::ForbiddenCharacter);
    }
    Ok(())
}

impl TryFrom<String> for ReturnTo {
    type Error = InvalidReturnTo;

    fn try_from(path: String) -> Result<Self, InvalidReturnTo> {
        check(&path).map(|()| Self(path))
    }
}

impl TryFrom<&str> for ReturnTo {
    type Error = InvalidReturnTo;

    fn try_from(path: &str) -> Result<Self, InvalidReturnTo> {
        path.parse()
    }
}

impl FromStr for ReturnTo {
    type Err = InvalidReturnTo;

    fn from_str(path: &str) -> Result<Self, InvalidReturnTo> {
        check(path).map(|()| Self(path.to_owned()))
    }
}

impl From<ReturnTo> for String {
    fn from(path: ReturnTo) -> Self {
        path.0
    }
}

impl AsRef<str> for ReturnTo {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ReturnTo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Display for InvalidReturnTo {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NotAPath => "the path does not begin with a slash",
            Self::OtherHost => "the path leads to another host",
            Self::ForbiddenCharacter => {
                "the path contains a backslash, a space, a control character \
                 or a character outside ASCII"
            }
            Self::TooLong => "the path is too long",
        })
    }
}

impl std::error::Error for InvalidReturnTo {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases::return_to;

    #[test]
    fn a_path_of_this_application_is_accepted() {
        for path in return_to::ACCEPTED {
            assert_eq!(
                path.parse::<ReturnTo>().map(String::from),
                Ok((*path).to_owned())
            );
        }
    }

    #[test]
    fn a_path_that_may_lead_elsewhere_is_refused() {
        for (path, reason) in return_to::refused() {
            assert_eq!(path.parse::<ReturnTo>(), Err(reason), "{path:?}");
        }
    }

    #[test]
    fn a_stored_path_is_checked_again_when_it_is_read() {
        let path: ReturnTo = "/bff/menu".parse().unwrap();
        let json = serde_json::to_string(&path).unwrap();
        assert_eq!(json, r#""/bff/menu""#);
        assert_eq!(serde_json::from_str::<ReturnTo>(&json).unwrap(), path);
        assert!(serde_json::from_str::<ReturnTo>(r#""//evil.example""#).is_err());
    }
}
