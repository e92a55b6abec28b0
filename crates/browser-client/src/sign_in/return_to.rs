//! Where a sign-in may end: inside this application.

use crate::{Error, error::Kind};

/// Whether the path leads back into this application and nowhere else. Browsers
/// read `//host` and `/\host` as another site, and drop control characters
/// before they look.
///
/// # Errors
/// When it may lead elsewhere.
pub(crate) fn check(path: &str) -> Result<(), Error> {
    let inside = path.starts_with('/')
        && !path.starts_with("//")
        && !path.starts_with("/\\")
        && !path.contains(char::is_control);
    inside.then_some(()).ok_or_else(|| {
        let message = "The address to return to is not a path of this application.";
        Error::new(Kind::BadReturnTo, message)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_ends_in_this_application() {
        for path in ["/", "/browser/menu", "/a?b=c#d", "/a//b", "/å"] {
            assert_eq!(check(path), Ok(()), "{path}");
        }
        for path in [
            "",
            "menu",
            "//evil.example",
            "/\\evil.example",
            "https://evil.example/",
            "javascript:alert(1)",
            "/\t/evil.example",
            "/a\r\nb",
            "\u{0}/",
        ] {
            assert!(check(path).is_err(), "{path:?}");
        }
    }
}
