//! The two halves of a sign-in, before and after the redirect.

use super::PublicClient;
use crate::{
    AuthorizationResponse, Error,
    digest::base64url,
    error::{
        Kind,
        catalog::{ambiguous, bad_id_token, token_request},
    },
    platform::{Area, Platform},
    refresh::ledger::Standing,
    settings::Sender,
    sign_in::{
        id_token::{self, Expected},
        pending::{Pending, PendingSignIns},
        pkce,
        request::authorization_url,
        response::accept,
    },
    token::{Grant, grant::Identity},
};
use confidant_protocol::{Outcome, ReturnTo, TokenResponse, token_outcome::TokenRequest};

impl<P: Platform> PublicClient<P> {
    /// Begins a sign-in that ends at the path `return_to`, and gives the URL
    /// that the page must go to (RFC 6749, section 4.1.1).
    ///
    /// # Errors
    /// [`Kind::BadReturnTo`], or where the provider cannot be discovered.
    pub async fn start(&self, return_to: &str) -> Result<String, Error> {
        self.begin(return_to, false).await
    }

    /// The same without asking anybody (`prompt=none`): the way out of
    /// [`Kind::Reauthorize`]. If the provider must ask after all,
    /// [`finish`](Self::finish) fails with [`Kind::LoginRequired`].
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub async fn start_silently(&self, return_to: &str) -> Result<String, Error> {
        self.begin(return_to, true).await
    }

    async fn begin(&self, return_to: &str, silent: bool) -> Result<String, Error> {
        let return_to: ReturnTo = return_to.parse().map_err(|_| bad_return_to())?;
        let metadata = self.metadata().await?;
        let (platform, settings) = (&self.inner.platform, &self.inner.settings);
        let pending = Pending {
            state: base64url(platform.random()?),
            nonce: base64url(platform.random()?),
            verifier: pkce::verifier(platform.random()?),
            return_to,
            silent,
        };
        let key = match settings.sender {
            Sender::Bearer => None,
            Sender::Dpop => Some(platform.key(&self.inner.name).await?.thumbprint()),
        };
        let endpoint = &metadata.authorization_endpoint;
        let url = authorization_url(endpoint, settings, &pending, key.as_deref());
        let mut all = self.pending()?;
        all.add(pending);
        platform.write(Area::Tab, &self.key("pending"), &all.write())?;
        Ok(url)
    }

    /// Finishes a sign-in with what the provider's redirect carried, and gives
    /// the path that the person wanted to go to. A response that was used
    /// before changes nothing.
    ///
    /// # Errors
    /// Where the response is not one to a request of this tab, is an error, or
    /// brings no tokens.
    pub async fn finish(&self, response: &AuthorizationResponse) -> Result<String, Error> {
        let (code, pending) = self.accept(response).await?;
        let metadata = self.metadata().await?;
        let (platform, settings) = (&self.inner.platform, &self.inner.settings);
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code.as_str()),
            ("redirect_uri", &settings.redirect_uri),
            ("client_id", &settings.client_id),
            ("code_verifier", &pending.verifier),
        ];
        let (outcome, sent, date) = self
            .ask(&metadata, TokenRequest::AuthorizationCode, &fields)
            .await?;
        let answer = match outcome {
            Outcome::Success(answer) => *answer,
            Outcome::Ambiguous(ambiguity) => {
                // A code works once: a second try would end what the first gave.
                let mut lost = ambiguous(ambiguity);
                lost.message += " Start the sign-in again.";
                return Err(lost);
            }
            refused => return Err(token_request(&refused, Kind::CodeRefused)),
        };
        let identity = self.identify(&answer, &pending.nonce, date)?;
        let id = base64url(platform.random()?);
        let grant = Grant::new(id, answer, &settings.scopes, identity, sent.wall);
        self.locked(|client| async move {
            client.save(&grant).await?;
            client.enter(&grant, Standing::Good).await;
            Ok(())
        })
        .await?;
        self.saw(sent);
        self.inner.rest.take();
        self.note(|journal| journal.changed(None));
        Ok(pending.return_to.into())
    }

    /// Uses a response up, and gives its code and the sign-in that it belongs
    /// to.
    pub(crate) async fn accept(
        &self,
        response: &AuthorizationResponse,
    ) -> Result<(String, Pending), Error> {
        let metadata = self.metadata().await?;
        let issuer = &self.inner.settings.issuer;
        let mut all = self.pending()?;
        let accepted = accept(response, &mut all, issuer, metadata.names_issuer);
        // Used up before it is used, whatever comes of it.
        let platform = &self.inner.platform;
        platform.write(Area::Tab, &self.key("pending"), &all.write())?;
        accepted
    }

    fn identify(
        &self,
        answer: &TokenResponse,
        nonce: &str,
        date: Option<u64>,
    ) -> Result<Identity, Error> {
        let settings = &self.inner.settings;
        let Some(token) = &answer.id_token else {
            if settings.scopes.iter().any(|scope| scope == "openid") {
                return Err(bad_id_token("is missing"));
            }
            return Ok(Identity {
                subject: String::new(),
                name: String::new(),
            });
        };
        let expected = Expected {
            issuer: &settings.issuer,
            client_id: &settings.client_id,
            nonce,
            now: date.map(|date| date / 1000),
        };
        let claims = id_token::read(token, &expected)?;
        let subject = claims.get("sub").and_then(|sub| sub.as_str());
        Ok(Identity {
            subject: subject.unwrap_or_default().to_owned(),
            name: id_token::name(&claims).to_owned(),
        })
    }

    fn pending(&self) -> Result<PendingSignIns, Error> {
        let stored = self.inner.platform.read(Area::Tab, &self.key("pending"))?;
        Ok(PendingSignIns::read(stored.as_deref()))
    }
}

fn bad_return_to() -> Error {
    let message = "The address to return to is not a path of this application.";
    Error::new(Kind::BadReturnTo, message)
}
