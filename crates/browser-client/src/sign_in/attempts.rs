//! The sign-in attempts of this tab, before and right after the redirect.

use super::{
    authorization_request::authorization_url,
    authorization_response::accept,
    pending::{PendingSignIn, PendingSignIns},
    pkce,
};
use crate::{
    Error, ErrorKind,
    digest::base64url,
    platform::{Platform, StorageArea},
    provider::discovery::Discovery,
    settings::{KeyPrefix, Settings, TokenBinding},
};
use confidant_protocol::{AuthorizationResponse, ReturnTo};
use std::rc::Rc;

/// Starts sign-in attempts and accepts the responses to them.
#[derive(Clone)]
pub(crate) struct SignInAttempts<P> {
    platform: P,
    settings: Rc<Settings>,
    discovery: Discovery<P>,
    key_name: Rc<str>,
    pending_key: Rc<str>,
}

impl<P: Platform> SignInAttempts<P> {
    pub(crate) fn new(
        platform: P,
        settings: Rc<Settings>,
        discovery: Discovery<P>,
        prefix: &KeyPrefix,
    ) -> Self {
        Self {
            platform,
            settings,
            discovery,
            key_name: prefix.as_str().into(),
            pending_key: prefix.key("pending"),
        }
    }

    /// Starts an attempt that ends at the path `return_to`. Returns the URL of
    /// the authorization request; a silent one has `prompt=none`.
    ///
    /// # Errors
    /// [`ErrorKind::BadReturnTo`], or if the discovery fails.
    pub(crate) async fn start(&self, return_to: &str, silent: bool) -> Result<String, Error> {
        let return_to: ReturnTo = return_to.parse().map_err(|_| bad_return_to())?;
        let metadata = self.discovery.metadata().await?;
        let pending = PendingSignIn {
            state: base64url(self.platform.random()?),
            nonce: base64url(self.platform.random()?),
            verifier: pkce::verifier(self.platform.random()?),
            return_to,
            silent,
        };
        let thumbprint = match self.settings.binding {
            TokenBinding::Bearer => None,
            TokenBinding::Dpop => {
                let key = self.platform.public_key(&self.key_name).await?;
                Some(key.thumbprint())
            }
        };
        let endpoint = &metadata.authorization_endpoint;
        let url = authorization_url(endpoint, &self.settings, &pending, thumbprint.as_deref());
        let mut attempts = self.load()?;
        attempts.add(pending);
        self.save(&attempts)?;
        Ok(url)
    }

    /// Accepts a response, which uses its state up. Returns its code and the
    /// attempt that it belongs to.
    ///
    /// # Errors
    /// If the response belongs to no attempt of this tab, comes from another
    /// provider, or is an error.
    pub(crate) async fn accept(
        &self,
        response: &AuthorizationResponse,
    ) -> Result<(String, PendingSignIn), Error> {
        let metadata = self.discovery.metadata().await?;
        let mut attempts = self.load()?;
        let issuer = &self.settings.issuer;
        let accepted = accept(response, &mut attempts, issuer, metadata.iss_required);
        // The state is used up whatever comes of the response.
        self.save(&attempts)?;
        accepted
    }

    fn load(&self) -> Result<PendingSignIns, Error> {
        let stored = self.platform.read(StorageArea::Tab, &self.pending_key)?;
        Ok(PendingSignIns::read(stored.as_deref()))
    }

    fn save(&self, attempts: &PendingSignIns) -> Result<(), Error> {
        self.platform
            .write(StorageArea::Tab, &self.pending_key, &attempts.write())
    }
}

fn bad_return_to() -> Error {
    let message = "The address to return to is not a path of this application.";
    Error::new(ErrorKind::BadReturnTo, message)
}
