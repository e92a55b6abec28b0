//! The token-mediating backend (RFC 10017, section 6.2): everything as for
//! the backend for frontend, but the page may have the access token.

use crate::{
    bff::Bff,
    error,
    grant::TokenRequirement,
    refresh::{Freshness, TokenError},
    request_cookies::RequestCookies,
};
use confidant_wire::{Cause, ClientKind, Code, HandedOutAccessToken, Problem};
use std::collections::BTreeSet;

/// The scope that asks for a refresh token, which no access token needs.
const OFFLINE: &str = "offline_access";

impl Bff {
    /// Hands out an access token of no more scope than `scope` says, words
    /// with spaces between: down-scoped by a refresh where the session's own
    /// token has more (RFC 10017, section 6.2.2.3). Without `scope`, of all
    /// that was granted but offline access.
    ///
    /// # Errors
    /// `not_offered` where the session is not of this kind, `bad_request` for
    /// a scope that was not granted, and whatever stands in the way of a
    /// refresh.
    pub async fn issue_to_page(
        &self,
        visit: &RequestCookies,
        scope: Option<&str>,
    ) -> Result<HandedOutAccessToken, Problem> {
        let session = self.signed_in(visit).await?;
        if session.kind != ClientKind::MEDIATED {
            return Err(Problem::new(
                Code::NotOffered,
                "This session's tokens stay on the server.",
            ));
        }
        let granted = self.grant(&session).await?.tokens.scopes;
        let want = want(&granted, scope)?;
        let engine = &self.0.engine;
        let token = engine
            .access_token(&session.grant, &want, Freshness::Usable, Cause::Automatic)
            .await;
        if token == Err(TokenError::Reauthorize) {
            // The page has nothing to use to its end: the next navigation
            // need not wait for that.
            self.mark_expired(&session.grant, &want, None).await;
        }
        let token = token.map_err(error::token_error)?;
        let asked = want.scope.as_ref().unwrap_or(&granted);
        if !token.scopes.iter().all(|scope| asked.contains(scope)) {
            return Err(Problem::new(
                Code::ProviderMisbehaved,
                "The provider gave a token of more scope than was asked, so it stays here.",
            ));
        }
        Ok(HandedOutAccessToken {
            access_token: token.secret,
            token_type: token.token_type,
            scopes: token.scopes,
            obtained_at: token.obtained_at,
            expires_at: token.expires_at,
            now: self.0.clock.now(),
        })
    }
}

/// What to ask the engine for. Sorted, so that one set of scopes is one token.
fn want(granted: &[String], scope: Option<&str>) -> Result<TokenRequirement, Problem> {
    let granted: BTreeSet<&str> = granted.iter().map(String::as_str).collect();
    let asked: BTreeSet<&str> = match scope {
        Some(scope) => scope.split_whitespace().collect(),
        None => granted
            .iter()
            .copied()
            .filter(|it| *it != OFFLINE)
            .collect(),
    };
    if asked.is_empty() || !asked.is_subset(&granted) || asked.contains(OFFLINE) {
        return Err(Problem::new(
            Code::BadRequest,
            "A token can have scopes that were granted, and no offline access.",
        ));
    }
    // The session's own token will do where it has no more.
    let fewer = (asked != granted).then(|| asked.into_iter().map(str::to_owned).collect());
    Ok(TokenRequirement {
        scope: fewer,
        resource: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn scopes(scope: Option<&str>) -> Option<Vec<String>> {
        let granted = ["openid", "profile", "offline_access"].map(str::to_owned);
        want(&granted, scope).ok()?.scope
    }

    #[test]
    fn a_page_gets_what_it_asked_for_and_never_offline_access() {
        let all = ["openid", "profile"].map(str::to_owned);
        assert_eq!(scopes(None).unwrap(), all);
        assert_eq!(scopes(Some(" profile  openid")).unwrap(), all);
        assert_eq!(scopes(Some("openid")).unwrap(), ["openid"]);
        for refused in ["", "email", "openid email", "openid offline_access"] {
            assert_eq!(scopes(Some(refused)), None, "{refused}");
        }
    }

    #[test]
    fn a_session_whose_own_token_has_no_more_needs_no_other() {
        let granted = ["openid", "profile"].map(str::to_owned);
        assert_eq!(want(&granted, None).unwrap(), TokenRequirement::default());
        let fewer = want(&granted, Some("openid")).unwrap();
        assert_eq!(fewer.scope.unwrap(), ["openid"]);
    }
}
