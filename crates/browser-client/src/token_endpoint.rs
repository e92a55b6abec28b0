//! The token endpoint (RFC 6749, section 3.2).

use crate::{
    Error,
    dpop::transport::ProofTransport,
    http::Request,
    platform::{Platform, Timestamps},
    settings::{Settings, TokenBinding},
};
use confidant_protocol::{
    Ambiguity, Outcome,
    token_outcome::{TokenRequest, classify},
};
use confidant_wire::Party;
use std::rc::Rc;

/// Sends token requests.
#[derive(Clone)]
pub(crate) struct TokenEndpoint<P> {
    platform: P,
    transport: ProofTransport<P>,
    settings: Rc<Settings>,
}

/// A token request that was sent.
pub(crate) struct TokenExchange {
    /// Its outcome.
    pub(crate) outcome: Outcome,
    /// When it was sent.
    pub(crate) sent: Timestamps,
    /// When it was answered by the provider's clock, if the page may read that,
    /// in Unix milliseconds.
    pub(crate) date: Option<u64>,
}

impl<P: Platform> TokenEndpoint<P> {
    pub(crate) fn new(platform: P, transport: ProofTransport<P>, settings: Rc<Settings>) -> Self {
        Self {
            platform,
            transport,
            settings,
        }
    }

    /// Sends one token request.
    ///
    /// # Errors
    /// Only if nothing was sent.
    pub(crate) async fn request(
        &self,
        url: &str,
        presented: TokenRequest,
        fields: &[(&str, &str)],
    ) -> Result<TokenExchange, Error> {
        let request = Request::form(url, fields);
        let sent = self.platform.now();
        let result = self.transport.send(Party::Provider, request, None).await?;
        let outcome = match &result {
            Ok(response) => classify(&response.raw(), presented, &self.settings.profile),
            Err(error) => Outcome::Ambiguous((*error).into()),
        };
        Ok(TokenExchange {
            outcome: self.check_binding(outcome),
            sent,
            date: result.ok().and_then(|response| response.date),
        })
    }

    /// A token that is bound to no key, or bound although none was named, is not
    /// the requested one.
    fn check_binding(&self, outcome: Outcome) -> Outcome {
        let expects_bound = self.settings.binding == TokenBinding::Dpop;
        match outcome {
            Outcome::Success(response) if response.is_dpop_bound() != expects_bound => {
                Outcome::Ambiguous(Ambiguity::Unreadable)
            }
            outcome => outcome,
        }
    }
}
