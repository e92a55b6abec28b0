//! Requests with a proof of possession, if tokens are bound to a key.

use super::{
    nonces::Nonces,
    proof::{DpopError, ProofClaims, dpop_error, signing_input},
};
use crate::{
    Error,
    digest::base64url,
    http::{Request, Response, TransportError},
    platform::{Platform, StorageArea},
    settings::{KeyPrefix, Settings, TokenBinding},
    transport::{Transport, limit},
};
use confidant_wire::Party;
use std::rc::Rc;

/// Sends requests, with proofs if the settings ask for them.
#[derive(Clone)]
pub(crate) struct ProofTransport<P> {
    platform: P,
    transport: Transport<P>,
    binding: TokenBinding,
    key_name: Rc<str>,
    nonces_key: Rc<str>,
    /// An address of the page's own server.
    page_url: Rc<str>,
}

impl<P: Platform> ProofTransport<P> {
    pub(crate) fn new(
        platform: P,
        transport: Transport<P>,
        settings: &Settings,
        prefix: &KeyPrefix,
    ) -> Self {
        Self {
            platform,
            transport,
            binding: settings.binding,
            key_name: prefix.as_str().into(),
            nonces_key: prefix.key("nonces"),
            page_url: settings.redirect_uri.as_str().into(),
        }
    }

    /// Sends a request. With a proof, sends it once more if the server asks for
    /// its own nonce in the proof, and once more if it refuses the proof. In
    /// either case it has processed nothing.
    ///
    /// # Errors
    /// Only if nothing was sent.
    pub(crate) async fn send(
        &self,
        to: Party,
        mut request: Request,
        access_token: Option<&str>,
    ) -> Result<Result<Response, TransportError>, Error> {
        if self.binding == TokenBinding::Bearer {
            return Ok(self.transport.send(to, &request).await);
        }
        let begun = self.platform.now().steady;
        let left = || {
            let spent = self.platform.now().steady.saturating_sub(begun);
            limit(to).saturating_sub(u32::try_from(spent).unwrap_or(u32::MAX))
        };
        let mut seen = Vec::new();
        loop {
            let proof = self.proof(&request, access_token).await?;
            request.headers.retain(|(name, _)| *name != "dpop");
            request.headers.push(("dpop", proof));
            let result = self.transport.send_within(left(), to, &request).await;
            let error = match &result {
                Ok(response) => self.learn(&request.url, response, left()).await,
                Err(_) => None,
            };
            match error {
                Some(error) if !seen.contains(&error) && left() > 0 => seen.push(error),
                _ => return Ok(result),
            }
        }
    }

    async fn proof(&self, request: &Request, access_token: Option<&str>) -> Result<String, Error> {
        let key = self.platform.public_key(&self.key_name).await?;
        let nonces = self.nonces();
        let jti = base64url(self.platform.random()?);
        let input = signing_input(
            &key,
            &ProofClaims {
                jti: &jti,
                method: request.method,
                url: &request.url,
                issued_at: nonces.time(self.platform.now().wall),
                access_token,
                nonce: nonces.nonce(&request.url),
            },
        );
        let signature = self.platform.sign(&self.key_name, &input).await?;
        Ok(format!("{input}.{}", base64url(signature)))
    }

    /// Remembers the nonce and the clock of a response. Returns the error that
    /// the response reports, if another proof can meet it. `left` is the
    /// remaining time, in milliseconds.
    async fn learn(&self, url: &str, response: &Response, left: u32) -> Option<DpopError> {
        let error = dpop_error(response);
        let date = match error {
            Some(DpopError::InvalidProof) => self.date(response, left).await,
            _ => None,
        };
        let mut nonces = self.nonces();
        let nonce = response.dpop_nonce.as_deref();
        let mut changed = nonce.is_some_and(|nonce| nonces.learn(url, nonce));
        if let Some(date) = date {
            changed |= nonces.set_clock(self.platform.now().wall, date);
        }
        if changed {
            // If it cannot be stored, the server asks for its nonce again.
            let text = nonces.write();
            let _ = self
                .platform
                .write(StorageArea::Tab, &self.nonces_key, &text);
        }
        error.filter(|error| *error == DpopError::InvalidProof || nonce.is_some())
    }

    /// Returns the time by the provider's clock or, as most providers do not
    /// let pages read it, by the clock of the page's own server.
    async fn date(&self, response: &Response, left: u32) -> Option<u64> {
        if response.date.is_some() {
            return response.date;
        }
        let page = Request {
            method: "HEAD",
            url: self.page_url.to_string(),
            headers: Vec::new(),
            body: None,
            cached: false,
        };
        let result = self.transport.send_within(left, Party::Server, &page).await;
        result.ok()?.date
    }

    fn nonces(&self) -> Nonces {
        let stored = self.platform.read(StorageArea::Tab, &self.nonces_key);
        Nonces::read(stored.ok().flatten().as_deref())
    }
}
