//! The token-mediating backend (RFC 10017, section 6.2): everything as in the
//! backend for frontend, but the page may have the access token.

use crate::{
    BffError, components::Components, grant::TokenRequirement, refresh::TokenError,
    session::SessionRecord,
};
use confidant_wire::{ClientKind, HandedOutAccessToken};
use std::collections::BTreeSet;

/// The scope that asks for a refresh token, which no access token needs.
const OFFLINE: &str = "offline_access";

/// Issues an access token to the page with no more scope than `scope`, a list
/// separated by spaces: narrowed by a refresh where the session's own token
/// has more (RFC 10017, section 6.2.2.3). Without `scope`, the token has all
/// scopes that were granted, except offline access.
///
/// A provider may ignore the scope of a refresh (RFC 6749, section 3.3). That it
/// repeats `offline_access` gives the page nothing, so the token is issued all the
/// same. For a provider whose profile says that it never narrows, the page gets
/// the session's own token, and the response names its scopes.
pub(crate) async fn issue_to_page(
    components: &Components,
    session: &SessionRecord,
    scope: Option<&str>,
) -> Result<HandedOutAccessToken, BffError> {
    if session.kind != ClientKind::MEDIATED {
        return Err(BffError::NotMediated);
    }
    let granted = components.sessions.grant(session).await?.tokens.scopes;
    let provider = components.providers.get(&session.provider);
    // The provider may call a scope that it granted by another name.
    let known = provider.map_or(&[][..], |provider| &provider.settings.scopes);
    let mut requirement = requirement(&granted, known, scope)?;
    let narrows = provider.is_none_or(|provider| provider.profile.narrows_scope);
    if !narrows {
        requirement = TokenRequirement::default();
    }
    let tokens = &components.tokens;
    let token = tokens.usable(&session.grant, &requirement).await;
    if token == Err(TokenError::Reauthorize) {
        // The page has no token to use until its end: the next navigation need
        // not wait for that.
        tokens
            .mark_expired(&session.grant, &requirement, None)
            .await;
    }
    let token = token?;
    let requested = requirement.scope.as_ref().unwrap_or(&granted);
    let is_requested = |scope: &String| scope == OFFLINE || requested.contains(scope);
    if narrows && !token.scopes.iter().all(is_requested) {
        return Err(BffError::TooMuchScope);
    }
    Ok(HandedOutAccessToken {
        access_token: token.secret,
        token_type: token.token_type,
        scopes: token.scopes,
        obtained_at: token.obtained_at,
        expires_at: token.expires_at,
        now: components.clock.now(),
    })
}

/// Returns what to ask the refresh engine for. The scopes are sorted, so that
/// one set of scopes is one token.
fn requirement(
    granted: &[String],
    known: &[String],
    scope: Option<&str>,
) -> Result<TokenRequirement, BffError> {
    let granted: BTreeSet<&str> = granted.iter().map(String::as_str).collect();
    let is_offered = |scope: &&str| granted.contains(scope) || known.iter().any(|s| s == scope);
    let requested: BTreeSet<&str> = match scope {
        Some(scope) => scope.split_whitespace().collect(),
        None => granted
            .iter()
            .copied()
            .filter(|scope| *scope != OFFLINE)
            .collect(),
    };
    if requested.is_empty() || !requested.iter().all(is_offered) || requested.contains(OFFLINE) {
        return Err(BffError::ScopeNotGranted);
    }
    // The session's own token will do if it has no more.
    let fewer = (requested != granted).then(|| requested.into_iter().map(str::to_owned).collect());
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
        requirement(&granted, &["mail".to_owned()], scope)
            .ok()?
            .scope
    }

    #[test]
    fn a_page_gets_what_it_asked_for_and_never_offline_access() {
        let all = ["openid", "profile"].map(str::to_owned);
        assert_eq!(scopes(None).unwrap(), all);
        assert_eq!(scopes(Some(" profile  openid")).unwrap(), all);
        assert_eq!(scopes(Some("openid")).unwrap(), ["openid"]);
        assert_eq!(scopes(Some("mail")).unwrap(), ["mail"]);
        for refused in ["", "email", "openid email", "openid offline_access"] {
            assert_eq!(scopes(Some(refused)), None, "{refused}");
        }
    }

    #[test]
    fn a_session_whose_own_token_has_no_more_needs_no_other() {
        let granted = ["openid", "profile"].map(str::to_owned);
        assert_eq!(
            requirement(&granted, &[], None).unwrap(),
            TokenRequirement::default()
        );
        let fewer = requirement(&granted, &[], Some("openid")).unwrap();
        assert_eq!(fewer.scope.unwrap(), ["openid"]);
    }
}
