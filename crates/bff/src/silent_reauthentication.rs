//! The silent way back: a session whose refresh token must not be presented
//! again is had anew by an authorization that asks nobody (`prompt=none`).

use crate::{
    bff::Bff,
    error,
    grant::{Grant, GrantId, GrantStatus, TokenRequirement},
    login::{Renewal, return_to},
    refresh::{
        Freshness, TokenEndpoint as _, TokenError,
        decide::{LOGIN_REQUIRED, Step, decide, resolve_lost},
    },
    request_cookies::{Answer, RequestCookies},
    session::SessionRecord,
};
use confidant_wire::{Code, LoginFinished, LoginStarted, Problem, TokenView};

impl Bff {
    /// Where a navigation is led first, when the session's tokens can only be
    /// had by authorizing once more: to the provider, without asking anybody,
    /// and back to `return_to`. None where that is not so.
    ///
    /// # Errors
    /// `store_unavailable`, and what stands in the way of discovery.
    pub async fn silent_reauthentication(
        &self,
        visit: &RequestCookies,
        return_to: &str,
    ) -> Result<Option<Answer<LoginStarted>>, Problem> {
        let Some(session) = self.find(visit).await? else {
            return Ok(None);
        };
        let grant = self.grant(&session).await?;
        let Some(provider) = self.0.providers.get(&session.provider) else {
            return Ok(None);
        };
        if !self.needs_authorization(&grant) || !return_to::is_local_path(return_to) {
            return Ok(None);
        }
        let renews = Some(Renewal {
            grant: session.grant,
            subject: session.subject,
            created_at: session.created_at,
        });
        self.request_authorization(visit, provider, session.kind, return_to, renews)
            .await
            .map(Some)
    }

    /// Whether tokens can only come from a new authorization.
    fn needs_authorization(&self, grant: &Grant) -> bool {
        let rules = self.0.engine.rules(grant);
        let now = self.0.clock.now();
        let next = |grant: &Grant| {
            decide(
                grant,
                &TokenRequirement::default(),
                Freshness::Usable,
                rules,
                now,
            )
        };
        let step = match next(grant) {
            // Its process is gone. What whoever settles it will find, the
            // person need not be told first.
            Step::ResolveLost => next(&resolve_lost(grant)),
            step => step,
        };
        step == Step::Refuse(TokenError::Reauthorize)
    }

    /// Returns the session to renew, if this browser still has it, and none if
    /// the same person has another one by now: a second tab has renewed it, or
    /// the person has signed in again. Nothing is left to do then.
    ///
    /// # Errors
    /// `bad_state` where the session has ended, or another person has signed in
    /// since. A renewal never signs a person in.
    pub(crate) async fn session_to_renew(
        &self,
        visit: &RequestCookies,
        provider: &str,
        silent_reauthentication: &Renewal,
    ) -> Result<Option<SessionRecord>, Problem> {
        match self.find(visit).await? {
            Some(session) if session.grant == silent_reauthentication.grant => Ok(Some(session)),
            Some(session)
                if session.provider == provider
                    && session.subject == silent_reauthentication.subject =>
            {
                Ok(None)
            }
            _ => Err(Problem::new(
                Code::BadState,
                "The session that this answer would have renewed is over, so nothing was done with the answer.",
            )),
        }
    }

    /// Notes that the session cannot be renewed without asking, so that the
    /// page to return to asks and does not try again. A grant that can be
    /// refreshed again meanwhile is left as it is.
    pub(crate) async fn reauthentication_refused(
        &self,
        grant: &GrantId,
        return_to: String,
    ) -> Result<Answer<LoginFinished>, Problem> {
        let grant = self.0.store.load(grant).await.map_err(error::store)?;
        if let Some(mut grant) = grant.filter(|grant| self.needs_authorization(grant)) {
            grant.version += 1;
            grant.status = GrantStatus::Dead(LOGIN_REQUIRED.to_owned());
            // Somebody changed the row meanwhile: then the next navigation
            // looks again.
            if let Err(error) = self.0.store.replace(&grant).await {
                tracing::warn!(%error, "a session's end could not be noted");
                // Led back, the browser would go in circles.
                return Err(error::token_error(TokenError::Dead(
                    LOGIN_REQUIRED.to_owned(),
                )));
            }
        }
        Ok(led_back(return_to))
    }

    /// The token of the session that a new grant takes the place of. What
    /// travelled for the old one stays in the log, since it tells why.
    pub(crate) async fn replace_grant(
        &self,
        old: &SessionRecord,
        heir: &GrantId,
    ) -> Option<TokenView> {
        self.0.exchange_log.copy_to(&old.grant, heir);
        let grant = self.grant(old).await.ok()?;
        let reuse = self.0.providers.reuse(&grant.provider);
        grant.view(reuse, self.0.clock.now())
    }
}

/// The answer to a renewal that changed nothing: the browser goes back to
/// where the person was, and the page there shows how things stand.
pub(crate) fn led_back(return_to: String) -> Answer<LoginFinished> {
    Answer {
        body: LoginFinished { return_to },
        cookies: Vec::new(),
    }
}

/// Whether an authorization that was to ask nobody came to nothing because the
/// provider has to ask (OpenID Connect Core 1.0, section 3.1.2.6), or was told
/// no. Anything else, such as `temporarily_unavailable`, says nothing about
/// the session, and the next navigation tries again.
pub(crate) fn requires_interaction(error: Option<&str>) -> bool {
    const SAID: [&str; 5] = [
        "access_denied",
        "account_selection_required",
        "consent_required",
        "interaction_required",
        "login_required",
    ];
    error.is_some_and(|error| SAID.contains(&error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_provider_that_has_to_ask_ends_the_session() {
        for error in ["login_required", "interaction_required", "access_denied"] {
            assert!(requires_interaction(Some(error)), "{error}");
        }
        for error in [None, Some("server_error"), Some("temporarily_unavailable")] {
            assert!(!requires_interaction(error), "{error:?}");
        }
    }
}
