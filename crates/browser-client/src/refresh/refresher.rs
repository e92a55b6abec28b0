//! One refresh at a time for one grant, in whichever tab.

use super::{cooldown::Cooldown, decide::decide};
use crate::{
    Error, ErrorKind,
    digest::base64url,
    error::catalog::{ambiguous, refreshed_for_other_user, refused, token_request},
    exchange_log::ExchangeLog,
    grant_store::GrantStore,
    platform::Platform,
    provider::{discovery::Discovery, metadata::Metadata},
    settings::Settings,
    sign_in::id_token,
    tab_lock::TabLock,
    tab_sync::TabSync,
    token::{clock::TokenClock, grant::Grant, record::StoredRecord},
    token_endpoint::{TokenEndpoint, TokenExchange},
    token_state::entry::RefreshTokenState,
};
use confidant_protocol::{
    Outcome, Reuse, TokenResponse,
    refresh_policy::{Decision, Freshness, Refusal, RetryPolicy},
    token_outcome::TokenRequest,
};
use confidant_wire::Cause;
use std::rc::Rc;

/// What the requests present: a refresh token, and no scope of their own.
const PLAIN_REFRESH: TokenRequest = TokenRequest::RefreshToken { narrowed: false };

/// Provides tokens that are fresh enough, and refreshes them if necessary.
#[derive(Clone)]
pub(crate) struct Refresher<P> {
    pub(crate) platform: P,
    pub(crate) settings: Rc<Settings>,
    pub(crate) grants: GrantStore<P>,
    pub(crate) clock: TokenClock<P>,
    pub(crate) lock: TabLock<P>,
    pub(crate) sync: TabSync<P>,
    pub(crate) discovery: Discovery<P>,
    pub(crate) endpoint: TokenEndpoint<P>,
    pub(crate) cooldown: Cooldown<P>,
    pub(crate) log: ExchangeLog<P>,
}

impl<P: Platform> Refresher<P> {
    /// Returns the grant with a token that meets the caller's demand.
    ///
    /// # Errors
    /// If there is no way to such a token.
    pub(crate) async fn current(&self, freshness: Freshness, cause: Cause) -> Result<Grant, Error> {
        let grant = self.grants.load().await?.into_grant()?;
        match self.decide(&grant, freshness) {
            Decision::Serve => Ok(grant),
            Decision::ServeAndRefresh => {
                self.refresh_behind();
                Ok(grant)
            }
            Decision::Refuse(refusal) => Err(refused(refusal)),
            Decision::Refresh => {
                // Before the lock, which is held no longer than a refresh takes.
                if self.cooldown.error().is_none() {
                    self.discovery.metadata().await?;
                }
                let refresher = self.clone();
                let work = async move { refresher.refresh(freshness, cause).await };
                self.lock.run(work).await
            }
        }
    }

    fn decide(&self, grant: &Grant, freshness: Freshness) -> Decision {
        decide(
            grant,
            freshness,
            self.settings.profile.reuse,
            self.clock.age(grant),
        )
    }

    /// Refreshes behind callers that continue with the token in hand, unless
    /// another tab does so already.
    fn refresh_behind(&self) {
        if self.cooldown.error().is_some() {
            return;
        }
        let refresher = self.clone();
        self.platform.spawn(async move {
            let inner = refresher.clone();
            let work = async move {
                inner
                    .refresh(Freshness::NotExpiringSoon, Cause::Automatic)
                    .await
            };
            // The next caller whose token has expired learns of a failure.
            let _ = refresher.lock.try_run(work).await;
        });
    }

    /// Refreshes, while holding the lock.
    async fn refresh(&self, freshness: Freshness, cause: Cause) -> Result<Grant, Error> {
        // Read under the lock: another tab may have refreshed.
        let grant = self.grants.load_newest().await?.into_grant()?;
        if grant.may_be_spent {
            // The tab that presented the token may be gone: now all tabs see it.
            self.grants.save(&grant).await?;
            let state = RefreshTokenState::MayBeSpent;
            self.grants.record_state(&grant, state).await;
        }
        match self.decide(&grant, freshness) {
            Decision::Serve | Decision::ServeAndRefresh => return Ok(grant),
            Decision::Refuse(refusal) => return Err(refused(refusal)),
            Decision::Refresh => {}
        }
        if cause == Cause::Automatic
            && let Some(error) = self.cooldown.error()
        {
            return Err(error);
        }
        let metadata = self.discovery.metadata().await?;
        let announced = self.announce(&grant).await?;
        match self.present(&metadata, &announced, freshness).await {
            Ok(exchange) => self.apply(announced, exchange, cause).await,
            Err(not_sent) => {
                self.save_without_response(&announced, false).await?;
                Err(not_sent)
            }
        }
    }

    /// Announces the refresh before the refresh token leaves: a tab that finds
    /// an abandoned announcement treats it as a lost response.
    async fn announce(&self, grant: &Grant) -> Result<Grant, Error> {
        let attempt = base64url(self.platform.random()?);
        let announced = grant.with_pending_refresh(attempt);
        let state = RefreshTokenState::Presented;
        let is_visible = self.grants.record_state(&announced, state).await;
        match self.grants.save(&announced).await {
            // The storage is full, but all tabs see the announced state.
            Err(error) if error.kind == ErrorKind::StorageFull && is_visible => {}
            result => result?,
        }
        Ok(announced)
    }

    /// Presents the refresh token: once, and once more if that is harmless and a
    /// caller waits.
    async fn present(
        &self,
        metadata: &Metadata,
        grant: &Grant,
        freshness: Freshness,
    ) -> Result<TokenExchange, Error> {
        let refresh_token = grant.refresh_token.as_deref().unwrap_or_default();
        let mut fields = vec![
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh_token),
            ("client_id", &self.settings.client_id),
        ];
        if self.settings.profile.redirect_uri_at_refresh {
            fields.push(("redirect_uri", &self.settings.redirect_uri));
        }
        let url = &metadata.token_endpoint;
        let first = self.endpoint.request(url, PLAIN_REFRESH, &fields).await?;
        if freshness == Freshness::NotExpiringSoon {
            return Ok(first);
        }
        // Without randomness there is no jitter; the request was sent already.
        let random = self.platform.random().map_or(0, |[byte, ..]| byte);
        let wait = RetryPolicy::STANDARD.wait(&first.outcome, self.settings.profile.reuse, random);
        let Some(wait) = wait else { return Ok(first) };
        let wait = u32::try_from(wait.as_millis()).unwrap_or(u32::MAX);
        self.platform.sleep(wait).await;
        let second = self.endpoint.request(url, PLAIN_REFRESH, &fields).await;
        // If it cannot be sent, the first outcome stands.
        Ok(second.unwrap_or(first))
    }

    /// Stores what the refresh brought, then returns it.
    async fn apply(
        &self,
        announced: Grant,
        exchange: TokenExchange,
        cause: Cause,
    ) -> Result<Grant, Error> {
        match self.grants.load().await? {
            StoredRecord::Grant(stored) if still_counts(&stored, &announced) => {}
            // Another tab signed out, or in again.
            other => return other.into_grant(),
        }
        let reuse = self.settings.profile.reuse;
        match exchange.outcome {
            Outcome::Success(response)
                if !id_token::is_about(response.id_token.as_deref(), &announced.subject) =>
            {
                let reason = refreshed_for_other_user();
                self.grants.save_ended(&announced, &reason).await?;
                Err(reason)
            }
            Outcome::Success(response) => {
                let before = self.clock.stored_tokens(&announced, reuse);
                let grant = self
                    .receive(&announced, *response, exchange.sent.wall)
                    .await?;
                self.clock.requested(exchange.sent);
                let after = self.clock.stored_tokens(&grant, reuse);
                self.log.token_changed(cause, &before, &after);
                Ok(grant)
            }
            Outcome::Dead(_) => {
                let reason = token_request(&exchange.outcome, ErrorKind::GrantDead);
                self.grants.save_ended(&announced, &reason).await?;
                Err(reason)
            }
            Outcome::Ambiguous(ambiguity) => {
                self.save_without_response(&announced, true).await?;
                let error = lost(ambiguous(ambiguity), reuse);
                self.cooldown.start(&error);
                Err(error)
            }
            Outcome::Misconfigured(_)
            | Outcome::RequestRefused(_)
            | Outcome::Transient { .. }
            | Outcome::RateLimited { .. } => {
                self.save_without_response(&announced, false).await?;
                let error = token_request(&exchange.outcome, ErrorKind::GrantDead);
                self.cooldown.start(&error);
                Err(error)
            }
        }
    }

    /// Stores new tokens.
    async fn receive(
        &self,
        announced: &Grant,
        response: TokenResponse,
        sent_at: u64,
    ) -> Result<Grant, Error> {
        let grant = announced.with_response(response, sent_at);
        self.grants.save_received(&grant).await?;
        self.sync.send(&grant);
        let state = RefreshTokenState::Valid;
        self.grants.record_state(&grant, state).await;
        self.cooldown.clear();
        Ok(grant)
    }

    /// Stores that the refresh brought no token.
    async fn save_without_response(
        &self,
        announced: &Grant,
        may_be_spent: bool,
    ) -> Result<(), Error> {
        let grant = announced.without_response(may_be_spent);
        self.grants.save(&grant).await?;
        let state = if grant.may_be_spent {
            RefreshTokenState::MayBeSpent
        } else {
            RefreshTokenState::Valid
        };
        self.grants.record_state(&grant, state).await;
        Ok(())
    }
}

/// Returns the error after a lost response: a reusable refresh token can be
/// presented again later, any other cannot.
fn lost(error: Error, reuse: Reuse) -> Error {
    if reuse == Reuse::Reusable {
        return error;
    }
    let reauthorize = refused(Refusal::Reauthorize);
    Error {
        message: format!("{} {}", error.message, reauthorize.message),
        ..reauthorize
    }
}

/// Whether the result of a refresh still counts, given the stored grant: its own
/// announcement is there, or nothing newer was stored since it was taken for
/// abandoned.
fn still_counts(stored: &Grant, announced: &Grant) -> bool {
    let is_own = stored.pending_refresh == announced.pending_refresh;
    let nothing_newer = stored.pending_refresh.is_none() && stored.serial == announced.serial;
    stored.id == announced.id && (is_own || nothing_newer)
}
