//! Which addresses receive the token.

/// The beginning of the addresses of one API, such as
/// `https://api.example/v1`. The token goes to that path and to paths below it,
/// and to no other host, port or path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiPrefix(String);

/// The text is not the beginning of an HTTP URL.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidApiPrefix;

impl ApiPrefix {
    /// Accepts an absolute http or https URL without query and fragment.
    ///
    /// # Errors
    /// If the text is no such URL, or contains a part that a browser reads
    /// differently.
    pub fn new(text: &str) -> Result<Self, InvalidApiPrefix> {
        let authority = after_scheme(text).ok_or(InvalidApiPrefix)?;
        let host = authority.split('/').next().unwrap_or_default();
        let fits = !host.is_empty() && is_unambiguous(text) && !text.contains(['?', '#']);
        fits.then(|| Self(text.trim_end_matches('/').to_owned()))
            .ok_or(InvalidApiPrefix)
    }

    /// Returns the prefix, without a slash at its end.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the address belongs to this API.
    pub fn covers(&self, url: &str) -> bool {
        let Some(rest) = url.strip_prefix(&self.0) else {
            return false;
        };
        // `https://api.example.evil` begins like `https://api.example`.
        (rest.is_empty() || rest.starts_with(['/', '?'])) && is_unambiguous(url)
    }
}

fn after_scheme(url: &str) -> Option<&str> {
    url.strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"))
}

/// Whether a browser reads the address exactly as it is written. It resolves
/// `..`, even as `%2e%2e`, turns `\` into `/`, drops tabs and line breaks, and
/// reads the text before an `@` as a user name.
fn is_unambiguous(url: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or_default();
    let no_dots = path.split('/').all(|segment| {
        let segment = segment.to_ascii_lowercase().replace("%2e", ".");
        segment != "." && segment != ".."
    });
    let rewritten = |c: char| c.is_control() || c.is_whitespace() || c == '\\';
    no_dots && !url.contains(rewritten) && !path.contains('@')
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
    fn an_api_covers_its_path_and_the_paths_below() {
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
    fn a_prefix_is_an_absolute_url() {
        for text in [
            "",
            "/api",
            "ftp://x/",
            "https://",
            "https://a@b/",
            "https://a/?b",
        ] {
            assert_eq!(ApiPrefix::new(text), Err(InvalidApiPrefix), "{text}");
        }
    }
}
