//! Refreshing: one flight for one grant, in whichever tab.

use super::{PublicClient, Rest};
use crate::{
    Error,
    digest::base64url,
    error::{
        Kind,
        catalog::{ambiguous, refused, token_request},
    },
    platform::{Platform, Reading},
    provider::Metadata,
    refresh::{decide::decide, ledger::Standing},
    settings::Sender,
    token::{Grant, stored::Stored},
};
use confidant_protocol::{
    Ambiguity, Outcome, Reuse, TokenResponse,
    refresh_policy::{Decision, Freshness, Refusal, RetryPolicy},
    token_error::TokenErrorRules,
    token_outcome::{TokenRequest, classify},
};
use confidant_wire::{Cause, Party};

/// What this client's refresh requests present.
const PLAIN_REFRESH: TokenRequest = TokenRequest::RefreshToken { narrowed: false };

impl<P: Platform> PublicClient<P> {
    /// The grant with a token that meets the demand.
    pub(super) async fn current(&self, demand: Freshness, cause: Cause) -> Result<Grant, Error> {
        let grant = self.load().await?.into_grant()?;
        match self.decide(&grant, demand) {
            Decision::Serve => Ok(grant),
            Decision::ServeAndRefresh => {
                self.fly_behind();
                Ok(grant)
            }
            Decision::Refuse(refusal) => Err(refused(refusal)),
            Decision::Refresh => {
                // Before the lock: it is kept for no longer than a flight takes.
                if self.resting().is_none() {
                    self.metadata().await?;
                }
                self.locked(|client| async move { client.fly(demand, cause).await })
                    .await
            }
        }
    }

    fn decide(&self, grant: &Grant, demand: Freshness) -> Decision {
        decide(grant, demand, self.inner.settings.reuse, self.age(grant))
    }

    /// Refreshes while the callers go on with the token in hand, unless
    /// another tab does already.
    fn fly_behind(&self) {
        if self.resting().is_some() {
            return;
        }
        let client = self.clone();
        self.inner.platform.spawn(async move {
            let flying = client.clone();
            let flight = async move {
                flying
                    .fly(Freshness::NotExpiringSoon, Cause::Automatic)
                    .await
            };
            // The next caller whose token has run out learns of a failure.
            let _ = client.lock(false, flight).await;
        });
    }

    /// Refreshes, while holding the lock.
    async fn fly(&self, demand: Freshness, cause: Cause) -> Result<Grant, Error> {
        // Read after the lock was had: another tab may have refreshed.
        let grant = self.load_newest().await?.into_grant()?;
        if grant.doubtful {
            // Perhaps the tab that flew is gone: now all can see it.
            self.save(&grant).await?;
            self.enter(&grant, Standing::Doubtful).await;
        }
        match self.decide(&grant, demand) {
            Decision::Serve | Decision::ServeAndRefresh => return Ok(grant),
            Decision::Refuse(refusal) => return Err(refused(refusal)),
            Decision::Refresh => {}
        }
        if cause == Cause::Automatic
            && let Some(why) = self.resting()
        {
            return Err(why);
        }
        let metadata = self.metadata().await?;
        let attempt = base64url(self.inner.platform.random()?);
        let flying = grant.announce(attempt);
        let written = self.enter(&flying, Standing::Flying).await;
        match self.save(&flying).await {
            // The storage is full; but all tabs can see the announcement.
            Err(error) if error.kind == Kind::StorageFull && written => {}
            done => done?,
        }
        let (outcome, sent) = match self.present(&metadata, &flying, demand).await {
            Ok(landed) => landed,
            Err(not_sent) => {
                self.return_empty(&flying, false).await?;
                return Err(not_sent);
            }
        };
        self.land(flying, outcome, sent, cause).await
    }

    /// Presents the refresh token: once, and once more where the outcome
    /// leaves no doubt that this is harmless.
    async fn present(
        &self,
        metadata: &Metadata,
        grant: &Grant,
        demand: Freshness,
    ) -> Result<(Outcome, Reading), Error> {
        let fields = [
            ("grant_type", "refresh_token"),
            (
                "refresh_token",
                grant.refresh_token.as_deref().unwrap_or_default(),
            ),
            ("client_id", &self.inner.settings.client_id),
        ];
        let (outcome, sent, _) = self.ask(metadata, PLAIN_REFRESH, &fields).await?;
        let [random, ..] = self.inner.platform.random()?;
        let reuse = self.inner.settings.reuse;
        let Some(wait) = RetryPolicy::STANDARD.wait(&outcome, reuse, random) else {
            return Ok((outcome, sent));
        };
        // Behind the callers there is no hurry.
        if demand == Freshness::NotExpiringSoon {
            return Ok((outcome, sent));
        }
        self.inner.platform.sleep(wait.as_millis() as u32).await;
        // If this one cannot be sent, the first outcome stands.
        Ok(match self.ask(metadata, PLAIN_REFRESH, &fields).await {
            Ok((outcome, sent, _)) => (outcome, sent),
            Err(_) => (outcome, sent),
        })
    }

    /// One token request, when it was sent, and when it was answered by the
    /// provider's clock where that can be read.
    pub(super) async fn ask(
        &self,
        metadata: &Metadata,
        presented: TokenRequest,
        fields: &[(&str, &str)],
    ) -> Result<(Outcome, Reading, Option<u64>), Error> {
        let request = Self::form(&metadata.token_endpoint, fields);
        let sent = self.inner.platform.reading();
        let answer = self.send_proved(Party::Provider, request, None).await?;
        let date = answer.as_ref().ok().and_then(|response| response.date);
        let outcome = match &answer {
            Ok(response) => classify(&response.raw(), presented, &TokenErrorRules::LENIENT),
            Err(error) => Outcome::Ambiguous((*error).into()),
        };
        let outcome = match outcome {
            // Bound to nothing, it is not what was asked for.
            Outcome::Success(answer) if !self.is_of_our_type(&answer) => {
                Outcome::Ambiguous(Ambiguity::Unreadable)
            }
            outcome => outcome,
        };
        Ok((outcome, sent, date))
    }

    fn is_of_our_type(&self, answer: &TokenResponse) -> bool {
        answer.is_dpop_bound() == (self.inner.settings.sender == Sender::Dpop)
    }

    /// Stores what a flight brought, then says it.
    async fn land(
        &self,
        flying: Grant,
        outcome: Outcome,
        sent: Reading,
        cause: Cause,
    ) -> Result<Grant, Error> {
        match self.load().await? {
            Stored::Grant(stored) if still_counts(&stored, &flying) => {}
            // Another tab took our lease for lost, or signed out or in.
            other => return other.into_grant(),
        }
        match outcome {
            Outcome::Success(answer) => {
                let grant = flying.receive(*answer, sent.wall);
                self.save_arrived(&grant).await?;
                self.tell_duplicates(&grant);
                self.enter(&grant, Standing::Good).await;
                self.saw(sent);
                self.inner.rest.take();
                self.changed(cause, &flying, &grant);
                Ok(grant)
            }
            Outcome::Dead(_) => {
                let why = token_request(&outcome, Kind::GrantDead);
                self.save_ended(&why).await?;
                self.enter_over(Some(&flying.id)).await;
                Err(why)
            }
            Outcome::Ambiguous(ambiguity) => {
                self.return_empty(&flying, true).await?;
                let lost = ambiguous(ambiguity);
                let why = match self.inner.settings.reuse {
                    Reuse::Strict | Reuse::Grace(_) => {
                        let reauthorize = refused(Refusal::Reauthorize);
                        Error {
                            message: format!("{} {}", lost.message, reauthorize.message),
                            ..reauthorize
                        }
                    }
                    Reuse::Reusable => lost,
                };
                self.rest(&why);
                Err(why)
            }
            Outcome::Misconfigured(_)
            | Outcome::RequestRefused(_)
            | Outcome::Transient { .. }
            | Outcome::RateLimited { .. } => {
                self.return_empty(&flying, false).await?;
                let why = token_request(&outcome, Kind::GrantDead);
                self.rest(&why);
                Err(why)
            }
        }
    }

    /// Stores that a flight brought nothing.
    async fn return_empty(&self, flying: &Grant, doubt: bool) -> Result<(), Error> {
        let grant = flying.return_empty(doubt);
        self.save(&grant).await?;
        let standing = match grant.doubtful {
            true => Standing::Doubtful,
            false => Standing::Good,
        };
        self.enter(&grant, standing).await;
        Ok(())
    }

    /// Leaves the provider alone for a while.
    fn rest(&self, why: &Error) {
        let now = self.inner.platform.reading().steady;
        let asked = why.retry_after.unwrap_or_default().saturating_mul(1000);
        *self.inner.rest.borrow_mut() = Some(Rest {
            until: now.saturating_add(asked.max(RetryPolicy::STANDARD.cooldown_ms)),
            why: why.clone(),
        });
    }

    fn resting(&self) -> Option<Error> {
        let now = self.inner.platform.reading().steady;
        let rest = self.inner.rest.borrow();
        let rest = rest.as_ref().filter(|rest| now < rest.until)?;
        let mut why = rest.why.clone();
        if why.retry_after.is_some() {
            why.retry_after = Some((rest.until - now).div_ceil(1000));
        }
        Some(why)
    }
}

/// Whether a landing still counts, given what is stored by now: its own
/// announcement, or nothing newer since it was taken for lost.
fn still_counts(stored: &Grant, flown: &Grant) -> bool {
    let ours = stored.intent == flown.intent;
    stored.id == flown.id && (ours || (stored.intent.is_none() && stored.serial == flown.serial))
}
