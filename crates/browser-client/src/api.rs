//! Which addresses get the token.

/// The beginning of the addresses of one API, such as
/// `https://api.example/v1`. The token goes to that path and what is below it,
/// and to no other host, port or path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiPrefix(String);

/// The text is not the beginning of an http address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAPrefix;

impl ApiPrefix {
    /// Takes an absolute http or https URL without query and fragment.
    ///
    /// # Errors
    /// When it is none, or has a part that a browser would read otherwise.
    pub fn new(text: &str) -> Result<Self, NotAPrefix> {
        let authority = after_scheme(text).ok_or(NotAPrefix)?;
        let host = authority.split('/').next().unwrap_or_default();
        let fits = !host.is_empty() && is_plain(text) && !text.contains(['?', '#']);
        fits.then(|| Self(text.trim_end_matches('/').to_owned()))
            .ok_or(NotAPrefix)
    }

    /// The prefix as text, without a slash at its end.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the address is this API's.
    pub fn covers(&self, url: &str) -> bool {
        let Some(rest) = url.strip_prefix(&self.0) else {
            return false;
        };
        // `https://api.example.evil` begins like `https://api.example`.
        (rest.is_empty() || rest.starts_with(['/', '?'])) && is_plain(url)
    }
}

fn after_scheme(url: &str) -> Option<&str> {
    url.strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"))
}

/// Whether a browser reads the address just as it is written: it would resolve
/// `..`, also as `%2e%2e`, turn `\` into `/`, drop tabs and line ends, and
/// take what is before an `@` for a name.
fn is_plain(url: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let no_dots = path.split('/').all(|segment| {
        let segment = segment.to_ascii_lowercase().replace("%2e", ".");
        segment != "." && segment != ".."
    });
    let odd = |c: char| c.is_control() || c.is_whitespace() || c == '\\';
    no_dots && !url.contains(odd) && !path.contains('@')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn covers(url: &str) -> bool {
        ApiPrefix::new("http://127.0.0.1:4000/api")
            .unwrap()
            .covers(url)
    }

    #[test]
    fn an_api_covers_its_path_and_what_is_below() {
        for url in ["", "/", "/me", "/a/b?c=d", "?x=1"] {
            assert!(covers(&format!("http://127.0.0.1:4000/api{url}")), "{url}");
        }
    }

    #[test]
    fn no_other_host_port_or_path_gets_the_token() {
        for url in [
            "http://127.0.0.1:4001/api/me",
            "http://127.0.0.1:4000/apis",
            "http://127.0.0.1:4000/token",
            "http://127.0.0.1:4000/api/../token",
            "http://127.0.0.1:4000/api/%2E%2e/token",
            "http://127.0.0.1:4000/api\\..\\token",
            "http://127.0.0.1:4000/api/\t../token",
            "https://127.0.0.1:4000/api/me",
            "/api/me",
        ] {
            assert!(!covers(url), "{url}");
        }
        let host = ApiPrefix::new("https://api.example").unwrap();
        assert!(host.covers("https://api.example/x"));
        assert!(!host.covers("https://api.example.evil/x"));
        assert!(!host.covers("https://api.example@evil.example/x"));
        assert!(!host.covers("https://api.example:444/x"));
    }

    #[test]
    fn a_prefix_is_an_absolute_address() {
        for text in [
            "",
            "/api",
            "ftp://x/",
            "https://",
            "https://a@b/",
            "https://a/?b",
        ] {
            assert_eq!(ApiPrefix::new(text), Err(NotAPrefix), "{text}");
        }
    }
}
