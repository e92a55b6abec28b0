//! Names and paths that a deployment may choose.

use confidant_wire::ClientKind;

/// Names of cookies and metrics, and the user agent of requests to providers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Names {
    /// The session cookie. Keep the prefix `__Host-`: browsers then refuse the
    /// cookie from other hosts and without TLS (RFC 10017, section 6.1.3.2).
    pub session_cookie: String,
    /// The cookie that binds a sign-in to the browser that started it.
    pub login_cookie: String,
    /// The prefix of every metric, without the underscore that follows it.
    pub metric_prefix: String,
    /// The `User-Agent` of requests to providers.
    pub user_agent: String,
}

impl Default for Names {
    fn default() -> Self {
        Self {
            session_cookie: "__Host-Http-session".to_owned(),
            login_cookie: "__Host-Http-login".to_owned(),
            metric_prefix: "bff".to_owned(),
            user_agent: concat!("bff/", env!("CARGO_PKG_VERSION")).to_owned(),
        }
    }
}

/// Paths of the router, as the axum application sees them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    /// The prefix of the paths of sign-in, session and token endpoints.
    pub auth: String,
    /// The path of the redirect URI.
    pub callback: String,
    /// The prefix of forwarded paths; the id of the API follows.
    pub api: String,
    /// The page after a sign-in without `return_to`. `{kind}` stands for the kind
    /// of client.
    pub after_login: String,
    /// The page after a refresh by a plain form without `return_to`.
    pub after_refresh: String,
    /// The page after a forced expiry by a plain form without `return_to`.
    pub after_expire: String,
    /// The page after a sign-out by a plain form without `return_to`.
    /// `{provider}` stands for the provider. Without a session, the query is
    /// left out.
    pub after_logout: String,
    /// Whether the router serves the callback page. An application that renders
    /// this page itself sets it to false.
    pub serve_callback: bool,
    /// The page that users without a session are sent to, with `return_to` in
    /// its query; the router's own page when `None`.
    pub sign_in_page: Option<String>,
}

impl Default for Paths {
    fn default() -> Self {
        Self {
            auth: "/auth".to_owned(),
            callback: "/callback".to_owned(),
            api: "/api".to_owned(),
            after_login: "/".to_owned(),
            after_refresh: "/".to_owned(),
            after_expire: "/".to_owned(),
            after_logout: "/".to_owned(),
            serve_callback: true,
            sign_in_page: None,
        }
    }
}

impl Paths {
    /// Returns the path of an endpoint below the prefix of sign-in, session
    /// and token endpoints, as in `/auth/refresh`.
    pub fn endpoint(&self, name: &str) -> String {
        format!("{}/{name}", self.auth)
    }

    /// Returns the page after a sign-in of this kind without `return_to`.
    pub(crate) fn after_login(&self, kind: ClientKind) -> String {
        self.after_login.replace("{kind}", kind.id())
    }

    /// Returns the page after a sign-out from this provider.
    pub(crate) fn after_logout(&self, provider: Option<&str>) -> String {
        match provider {
            Some(provider) => self.after_logout.replace("{provider}", provider),
            None => {
                let path = self.after_logout.split('?').next();
                path.unwrap_or_default().to_owned()
            }
        }
    }

    /// Returns the name and the value of the first setting that is not a usable
    /// path.
    pub(crate) fn first_malformed(&self) -> Option<(&'static str, &str)> {
        let is_usable = |path: &str| {
            path.starts_with('/')
                && !path.ends_with('/')
                && !path.contains("//")
                && path
                    .bytes()
                    .all(|byte| byte.is_ascii_alphanumeric() || b"/-._~".contains(&byte))
        };
        [
            ("paths.auth", &self.auth),
            ("paths.callback", &self.callback),
            ("paths.api", &self.api),
        ]
        .into_iter()
        .find(|(_, path)| !is_usable(path))
        .map(|(name, path)| (name, path.as_str()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_a_router_cannot_serve_is_reported() {
        assert_eq!(Paths::default().first_malformed(), None);
        for bad in ["", "/", "auth", "/auth/", "/a//b", "/{x}", "/a b", "/a?b"] {
            let paths = Paths {
                auth: bad.to_owned(),
                ..Paths::default()
            };
            assert_eq!(paths.first_malformed(), Some(("paths.auth", bad)));
        }
    }
}
