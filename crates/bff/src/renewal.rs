//! The silent way back: a session whose refresh token must not be presented
//! again is had anew by an authorization that asks nobody (`prompt=none`).

use crate::{
    bff::Bff,
    error,
    grant::{GrantId, Standing, Want},
    login::{PendingLogin, return_to},
    refresh::{
        Demand, Refusal,
        decide::{LOGIN_REQUIRED, Rules, Step, decide, settle},
    },
    visit::{Answer, Visit},
};
use wire::{LoginFinished, LoginStarted, Problem, TokenView};

impl Bff {
    /// Where a navigation is led first, when the session's tokens can only be
    /// had by authorizing once more: to the provider, without asking anybody,
    /// and back to `return_to`. None where that is not so.
    ///
    /// # Errors
    /// `store_unavailable`, and what stands in the way of discovery.
    pub async fn way_back(
        &self,
        visit: &Visit,
        return_to: &str,
    ) -> Result<Option<Answer<LoginStarted>>, Problem> {
        let Some(session) = self.find(visit).await? else {
            return Ok(None);
        };
        let grant = self.grant(&session).await?;
        let Some(provider) = self.0.providers.get(&session.provider) else {
            return Ok(None);
        };
        let rules = Rules {
            reuse: provider.reuse(),
            ahead: self.0.timing.ahead,
        };
        let now = self.0.clock.now();
        let next = |grant| decide(grant, &Want::default(), Demand::Usable, rules, now);
        let step = match next(&grant) {
            // Its process is gone. What whoever settles it will find, the
            // person need not be told first.
            Step::Settle => next(&settle(&grant)),
            step => step,
        };
        if step != Step::Refuse(Refusal::Reauthorize) || !return_to::is_ours(return_to) {
            return Ok(None);
        }
        let renews = Some(session.subject);
        self.request_authorization(visit, provider, session.kind, return_to, renews)
            .await
            .map(Some)
    }

    /// Notes that the session cannot be renewed without asking, so that the
    /// page to return to asks and does not try again.
    pub(crate) async fn renewal_refused(
        &self,
        visit: &Visit,
        login: PendingLogin,
    ) -> Result<Answer<LoginFinished>, Problem> {
        if let Ok(Some(session)) = self.find(visit).await
            && let Ok(mut grant) = self.grant(&session).await
        {
            grant.version += 1;
            grant.standing = Standing::Dead(LOGIN_REQUIRED.to_owned());
            // Somebody changed the row meanwhile: then the next navigation
            // looks again.
            if let Err(error) = self.0.store.replace(&grant).await {
                tracing::warn!(%error, "a session's end could not be noted");
                // Led back, the browser would go in circles.
                return Err(error::refusal(Refusal::Dead(LOGIN_REQUIRED.to_owned())));
            }
        }
        Ok(Answer {
            body: LoginFinished {
                return_to: login.return_to,
            },
            cookies: Vec::new(),
        })
    }

    /// The token of the session that a new grant takes the place of. What
    /// travelled for the old one stays in the log, since it tells why.
    pub(crate) async fn succeed(&self, visit: &Visit, heir: &GrantId) -> Option<TokenView> {
        let old = self.find(visit).await.ok()??;
        self.0.journal.inherit(&old.grant, heir);
        self.grant(&old).await.ok()?.view(self.0.clock.now())
    }
}
