//! The second half of the authorization code flow: the code becomes a grant.

use super::{attempts::SignInAttempts, id_token};
use crate::{
    Error, ErrorKind,
    digest::base64url,
    error::catalog::{ambiguous, bad_id_token, not_signed_in, other_user, token_request},
    exchange_log::ExchangeLog,
    grant_store::GrantStore,
    platform::Platform,
    provider::discovery::Discovery,
    refresh::cooldown::Cooldown,
    revocation::Revocation,
    settings::Settings,
    tab_lock::TabLock,
    token::{
        clock::TokenClock,
        grant::{Grant, Identity},
        record::StoredRecord,
    },
    token_endpoint::{TokenEndpoint, TokenExchange},
    token_state::entry::RefreshTokenState,
};
use confidant_protocol::{
    AuthorizationResponse, Outcome, TokenResponse, token_outcome::TokenRequest,
};
use confidant_wire::Cause;
use std::rc::Rc;

/// Exchanges authorization codes.
#[derive(Clone)]
pub(crate) struct CodeFlow<P> {
    pub(crate) platform: P,
    pub(crate) settings: Rc<Settings>,
    pub(crate) attempts: SignInAttempts<P>,
    pub(crate) grants: GrantStore<P>,
    pub(crate) clock: TokenClock<P>,
    pub(crate) lock: TabLock<P>,
    pub(crate) discovery: Discovery<P>,
    pub(crate) endpoint: TokenEndpoint<P>,
    pub(crate) revocation: Revocation<P>,
    pub(crate) cooldown: Cooldown<P>,
    pub(crate) log: ExchangeLog<P>,
}

impl<P: Platform> CodeFlow<P> {
    /// Finishes a sign-in with the response of the authorization endpoint.
    /// Returns the path that the user wanted to go to.
    ///
    /// # Errors
    /// If the response is not acceptable, or its code brings no tokens.
    pub(crate) async fn finish(&self, response: &AuthorizationResponse) -> Result<String, Error> {
        let (code, attempt) = self.attempts.accept(response).await?;
        let exchange = self.exchange_code(&code, &attempt.verifier).await?;
        let tokens = tokens(exchange.outcome)?;
        let identity = self.identify(&tokens, &attempt.nonce, exchange.date)?;
        let id = base64url(self.platform.random()?);
        let scopes = &self.settings.scopes;
        let grant = Grant::new(id, tokens, scopes, identity, exchange.sent.wall);
        let renewed = self.store(&grant, attempt.silent).await?;
        self.clock.requested(exchange.sent);
        self.cooldown.clear();
        match renewed {
            Some(before) => {
                let view = |grant| self.clock.stored_tokens(grant, self.settings.profile.reuse);
                self.log
                    .token_changed(Cause::Renewal, &view(&before), &view(&grant));
            }
            None => self.log.session_changed(),
        }
        Ok(attempt.return_to.into())
    }

    /// Stores a new grant. A silent one replaces the grant of the same user only:
    /// meanwhile the user may have signed out, or another user may have signed in
    /// at the provider. Returns the grant that a silent one replaced.
    async fn store(&self, grant: &Grant, silent: bool) -> Result<Option<Grant>, Error> {
        let (grants, new) = (self.grants.clone(), grant.clone());
        let store = async move {
            let renewed = match silent {
                true => Some(renewed(grants.load_newest().await?, &new)?),
                false => None,
            };
            grants.save(&new).await?;
            let state = RefreshTokenState::Valid;
            grants.record_state(&new, state).await;
            Ok(renewed)
        };
        let stored = self.lock.run(store).await;
        if stored.is_err() {
            self.revocation.revoke(grant).await;
        }
        stored
    }

    /// Sends the token request for a code (RFC 6749, section 4.1.3) with its
    /// code verifier (RFC 7636, section 4.5).
    async fn exchange_code(&self, code: &str, verifier: &str) -> Result<TokenExchange, Error> {
        let metadata = self.discovery.metadata().await?;
        let fields = [
            ("grant_type", "authorization_code"),
            ("code", code),
            ("redirect_uri", &self.settings.redirect_uri),
            ("client_id", &self.settings.client_id),
            ("code_verifier", verifier),
        ];
        let presented = TokenRequest::AuthorizationCode;
        self.endpoint
            .request(&metadata.token_endpoint, presented, &fields)
            .await
    }

    /// Returns the user's identity from the ID token.
    fn identify(
        &self,
        tokens: &TokenResponse,
        nonce: &str,
        date: Option<u64>,
    ) -> Result<Identity, Error> {
        let Some(token) = &tokens.id_token else {
            if self.settings.scopes.iter().any(|scope| scope == "openid") {
                return Err(bad_id_token("is missing"));
            }
            return Ok(Identity::default());
        };
        let claims = id_token::read(token)?;
        let now = date.map(|date| date / 1000);
        id_token::check(&claims, &self.settings, nonce, now)?;
        let subject = claims.get("sub").and_then(|sub| sub.as_str());
        Ok(Identity {
            subject: subject.unwrap_or_default().to_owned(),
            name: id_token::name(&claims).to_owned(),
        })
    }
}

/// Checks that a silent sign-in renews the stored session.
/// Returns the grant that a new one renews, if both are of the same user.
fn renewed(record: StoredRecord, new: &Grant) -> Result<Grant, Error> {
    match record {
        StoredRecord::Grant(old) if old.subject == new.subject => Ok(*old),
        StoredRecord::Grant(_) => Err(other_user()),
        _ => Err(not_signed_in()),
    }
}

/// Returns the tokens of a code exchange.
fn tokens(outcome: Outcome) -> Result<TokenResponse, Error> {
    match outcome {
        Outcome::Success(response) => Ok(*response),
        Outcome::Ambiguous(ambiguity) => {
            // A code works once: a second attempt would revoke its tokens.
            let mut error = ambiguous(ambiguity);
            error.message += " Start the sign-in again.";
            Err(error)
        }
        refused => Err(token_request(&refused, ErrorKind::CodeRefused)),
    }
}
