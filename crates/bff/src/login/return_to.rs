//! Where a person may be sent after signing in: a path of this application.

/// The longest path that is taken.
const LONGEST: usize = 2048;

/// Whether `path` stays in this application: one leading slash and no more
/// than one, because browsers take `//host` and `/\host` for another host; no
/// backslash and no control character anywhere, because browsers drop or turn
/// them before they parse.
pub fn is_local_path(path: &str) -> bool {
    let mut characters = path.chars();
    path.len() <= LONGEST
        && characters.next() == Some('/')
        && characters.next() != Some('/')
        && !path.contains('\\')
        && path
            .chars()
            .all(|c| c.is_ascii() && !c.is_ascii_control() && c != ' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_this_application_are_taken() {
        for path in [
            "/",
            "/bff/menu",
            "/bff/menu?a=b#c",
            "/a//b",
            "/?u=https://x",
        ] {
            assert!(is_local_path(path), "{path}");
        }
    }

    #[test]
    fn whatever_leads_elsewhere_is_not() {
        let long = format!("/{}", "a".repeat(LONGEST));
        for path in [
            "",
            "bff/menu",
            "//evil.example",
            "/\\evil.example",
            "\\\\evil.example",
            "https://evil.example",
            "javascript:alert(1)",
            "/\t/evil.example",
            "/a\r\nSet-Cookie: x=y",
            "/a\u{0}",
            "/a b",
            "/\u{ff0f}evil.example",
            " /menu",
            &long,
        ] {
            assert!(!is_local_path(path), "{path:?}");
        }
    }
}
