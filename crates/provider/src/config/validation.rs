//! Checks of a configuration, made once at the start.

use thiserror::Error;
use url::Url;

use super::provider_config::Config;

/// A configuration that no provider can start with.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum ConfigError {
    /// The issuer is not an `http` or `https` URL without a path.
    #[error("the issuer {0:?} must be http://host:port without path, query or fragment")]
    Issuer(String),
    /// A redirect URI is relative or has a fragment (RFC 6749 section 3.1.2).
    #[error("the redirect URI {uri:?} of client {client:?} must be absolute, without a fragment")]
    RedirectUri {
        /// The client's id.
        client: String,
        /// The redirect URI as configured.
        uri: String,
    },
    /// Two clients or users share an id, a username or a subject.
    #[error("{0:?} is configured twice")]
    Duplicate(String),
}

impl Config {
    /// Checks the configuration.
    pub(crate) fn validate(&self) -> Result<(), ConfigError> {
        self.validate_issuer()?;
        self.validate_redirect_uris()?;
        self.validate_names()
    }

    fn validate_issuer(&self) -> Result<(), ConfigError> {
        let issuer = Url::parse(&self.issuer).ok();
        let is_origin = issuer.is_some_and(|url| {
            matches!(url.scheme(), "http" | "https")
                && url.origin().ascii_serialization() == self.issuer
        });
        if is_origin {
            Ok(())
        } else {
            Err(ConfigError::Issuer(self.issuer.clone()))
        }
    }

    fn validate_redirect_uris(&self) -> Result<(), ConfigError> {
        for client in &self.clients {
            for uri in &client.redirect_uris {
                if Url::parse(uri).map_or(true, |url| url.fragment().is_some()) {
                    return Err(ConfigError::RedirectUri {
                        client: client.id.clone(),
                        uri: uri.clone(),
                    });
                }
            }
        }
        Ok(())
    }

    fn validate_names(&self) -> Result<(), ConfigError> {
        let clients = self.clients.iter().map(|client| client.id.as_str());
        let usernames = self.users.iter().map(|user| user.username.as_str());
        let subjects = self.users.iter().map(|user| user.subject.as_str());
        let mut names: Vec<&str> = clients.chain(usernames).chain(subjects).collect();
        names.sort_unstable();
        match names.windows(2).find(|pair| pair[0] == pair[1]) {
            Some(pair) => Err(ConfigError::Duplicate(pair[0].to_owned())),
            None => Ok(()),
        }
    }
}
