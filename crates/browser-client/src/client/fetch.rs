//! Requests: recorded, and with a proof where tokens are bound to a key.

use super::PublicClient;
use crate::{
    Error,
    digest::base64url,
    dpop::{
        nonces::Nonces,
        proof::{Complaint, Statement, complaint, signing_input},
    },
    error::catalog::{busy, unexpected_status},
    http::{Request, Response, TransportError},
    platform::{Area, Platform},
    provider::{Metadata, metadata},
    report::exchange::exchange,
    settings::Sender,
};
use confidant_wire::Party;
use std::{rc::Rc, time::Duration};

/// How long a provider has for an answer, in milliseconds, with all proofs that
/// it wants. Twice that is less than others wait for a lock.
const PROVIDER_LIMIT: u32 = 10_000;
/// How long an API has, in milliseconds.
pub(crate) const API_LIMIT: u32 = 30_000;

impl<P: Platform> PublicClient<P> {
    /// Sends a request and writes down what travelled.
    pub(super) async fn send(
        &self,
        to: Party,
        request: &Request,
    ) -> Result<Response, TransportError> {
        self.send_within(limit(to), to, request).await
    }

    async fn send_within(
        &self,
        limit: u32,
        to: Party,
        request: &Request,
    ) -> Result<Response, TransportError> {
        let platform = &self.inner.platform;
        let sent = platform.reading();
        let answer = platform.fetch(request, limit).await;
        let took = platform.reading().steady.saturating_sub(sent.steady);
        let exchange = exchange(to, request, &answer, sent.wall, took);
        self.note(|journal| journal.exchanged(exchange));
        answer
    }

    /// Sends a request with a proof of possession where one is called for; once
    /// more where the server wants its own nonce in it, and once more where it
    /// does not like the proof. Nothing was processed in either case.
    ///
    /// # Errors
    /// Only where nothing was sent.
    pub(super) async fn send_proved(
        &self,
        to: Party,
        mut request: Request,
        access_token: Option<&str>,
    ) -> Result<Result<Response, TransportError>, Error> {
        if self.inner.settings.sender == Sender::Bearer {
            return Ok(self.send(to, &request).await);
        }
        let begun = self.inner.platform.reading().steady;
        let left = || {
            let spent = self.inner.platform.reading().steady.saturating_sub(begun);
            limit(to).saturating_sub(u32::try_from(spent).unwrap_or(u32::MAX))
        };
        let mut met = Vec::new();
        loop {
            let proof = self.proof(&request, access_token).await?;
            request.headers.retain(|(name, _)| *name != "dpop");
            request.headers.push(("dpop", proof));
            let answer = self.send_within(left(), to, &request).await;
            let complaint = match &answer {
                Ok(response) => self.learn(&request.url, response, left()).await,
                Err(_) => None,
            };
            match complaint {
                Some(complaint) if !met.contains(&complaint) && left() > 0 => met.push(complaint),
                _ => return Ok(answer),
            }
        }
    }

    async fn proof(&self, request: &Request, access_token: Option<&str>) -> Result<String, Error> {
        let platform = &self.inner.platform;
        let key = platform.key(&self.inner.name).await?;
        let nonces = self.nonces();
        let jti = base64url(platform.random()?);
        let input = signing_input(
            &key,
            &Statement {
                jti: &jti,
                method: request.method,
                url: &request.url,
                issued_at: nonces.time(platform.reading().wall),
                access_token,
                nonce: nonces.nonce(&request.url),
            },
        );
        let signature = platform.sign(&self.inner.name, &input).await?;
        Ok(format!("{input}.{}", base64url(signature)))
    }

    /// Takes nonce and clock from an answer, and says what it complains of, if
    /// another proof will meet that.
    /// `left` is how long that may take, in milliseconds.
    async fn learn(&self, url: &str, response: &Response, left: u32) -> Option<Complaint> {
        let complaint = complaint(response);
        let date = match complaint {
            Some(Complaint::Proof) => self.date(response, left).await,
            _ => None,
        };
        let mut nonces = self.nonces();
        let nonce = response.dpop_nonce.as_deref();
        let mut news = nonce.is_some_and(|nonce| nonces.learn(url, nonce));
        if let Some(date) = date {
            let wall = self.inner.platform.reading().wall;
            news |= nonces.set_clock(wall, date);
        }
        if news {
            // Without it the next request is answered by a nonce again.
            let platform = &self.inner.platform;
            let _ = platform.write(Area::Tab, &self.key("nonces"), &nonces.write());
        }
        complaint.filter(|complaint| *complaint == Complaint::Proof || nonce.is_some())
    }

    /// The time by the provider's clock, or, as most providers do not let pages
    /// read it, by that of the server that this page came from.
    async fn date(&self, response: &Response, left: u32) -> Option<u64> {
        if response.date.is_some() {
            return response.date;
        }
        let page = Request {
            method: "HEAD",
            url: self.inner.settings.redirect_uri.clone(),
            headers: Vec::new(),
            body: None,
            cached: false,
        };
        let answer = self.send_within(left, Party::Server, &page).await;
        answer.ok()?.date
    }

    fn nonces(&self) -> Nonces {
        let stored = self.inner.platform.read(Area::Tab, &self.key("nonces"));
        Nonces::read(stored.ok().flatten().as_deref())
    }

    /// A request to the token endpoint or one like it.
    pub(super) fn form(url: &str, fields: &[(&str, &str)]) -> Request {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(fields);
        Request {
            method: "POST",
            url: url.to_owned(),
            headers: vec![
                ("accept", "application/json".into()),
                ("content-type", "application/x-www-form-urlencoded".into()),
            ],
            body: Some(form.finish()),
            cached: false,
        }
    }

    /// The provider's metadata, fetched when they are first needed.
    pub(super) async fn metadata(&self) -> Result<Rc<Metadata>, Error> {
        if let Some(known) = &*self.inner.metadata.borrow() {
            return Ok(known.clone());
        }
        let issuer = &self.inner.settings.issuer;
        let request = Request {
            method: "GET",
            url: metadata::address(issuer),
            headers: vec![("accept", "application/json".into())],
            body: None,
            cached: true,
        };
        let response = self.send(Party::Provider, &request).await;
        let response = response.map_err(Error::from)?;
        if response.status != 200 {
            return Err(refused(&response));
        }
        let found = Rc::new(Metadata::read(&response.body, issuer)?);
        *self.inner.metadata.borrow_mut() = Some(found.clone());
        Ok(found)
    }
}

fn limit(to: Party) -> u32 {
    match to {
        Party::Api => API_LIMIT,
        _ => PROVIDER_LIMIT,
    }
}

/// The error of an answer that is not the one asked for.
pub(super) fn refused(response: &Response) -> Error {
    match response.status {
        429 | 503 => busy(response.retry_after.map(Duration::from_secs)),
        status => unexpected_status(status),
    }
}
