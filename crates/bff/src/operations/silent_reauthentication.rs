//! Silent re-authentication: when a refresh token must not be presented again,
//! a new authorization request with `prompt=none` (OpenID Connect Core 1.0,
//! section 3.1.2.1) obtains new tokens without a question to the user.

use crate::{
    BffError,
    clock::Clock,
    components::Components,
    grant::{Grant, GrantId, GrantStatus, TokenRequirement},
    login::{Login, Renewal, request::Purpose},
    refresh::{
        Freshness, RefreshEngine, TokenError,
        decide::{LOGIN_REQUIRED, Step, decide, resolve_lost},
    },
    request_cookies::{RequestCookies, WithCookies},
    session::Sessions,
    store::GrantStore as _,
};
use confidant_protocol::ReturnTo;
use confidant_wire::LoginStarted;
use std::sync::Arc;

/// Starts the authorization request, if the session's tokens can be obtained
/// in no other way.
pub(crate) async fn start(
    components: &Components,
    cookies: &RequestCookies,
    return_to: &str,
) -> Result<Option<WithCookies<LoginStarted>>, BffError> {
    let Some(session) = components.sessions.find(cookies).await? else {
        return Ok(None);
    };
    let grant = components.sessions.grant(&session).await?;
    let Some(provider) = components.providers.get(&session.provider) else {
        return Ok(None);
    };
    let Ok(return_to) = ReturnTo::try_from(return_to) else {
        return Ok(None);
    };
    if !needs_authorization(&components.engine, &components.clock, &grant) {
        return Ok(None);
    }
    let renewal = Renewal {
        grant: session.grant,
        subject: session.subject,
        created_at: session.created_at,
    };
    Login::of(components)
        .request_authorization(
            cookies,
            provider,
            session.kind,
            return_to,
            Purpose::Renewal(renewal),
        )
        .await
        .map(Some)
}

/// Returns whether only a new authorization can bring tokens.
fn needs_authorization(engine: &RefreshEngine, clock: &Arc<dyn Clock>, grant: &Grant) -> bool {
    let (rules, now) = (engine.rules(grant), clock.now());
    let requirement = TokenRequirement::default();
    let next = |grant: &Grant| decide(grant, &requirement, Freshness::Valid, rules, now);
    let step = match next(grant) {
        // The process that refreshed it is gone. The user need not wait for
        // what resolving that will find.
        Step::ResolveLost => next(&resolve_lost(grant)),
        step => step,
    };
    step == Step::Refuse(TokenError::Reauthorize)
}

/// Ends the grant because the provider has to ask the user, so that the page
/// asks and does not try again. A grant that can be refreshed again by now is
/// left as it is.
pub(crate) async fn refuse(
    sessions: &Sessions,
    engine: &RefreshEngine,
    clock: &Arc<dyn Clock>,
    grant: &GrantId,
) -> Result<(), BffError> {
    let grant = sessions.store.load(grant).await?;
    let Some(mut grant) = grant.filter(|grant| needs_authorization(engine, clock, grant)) else {
        return Ok(());
    };
    grant.version += 1;
    grant.status = GrantStatus::Dead(LOGIN_REQUIRED.to_owned());
    // When another request has changed the row, the next navigation looks again.
    if let Err(error) = sessions.store.replace(&grant, clock.now()).await {
        tracing::warn!(%error, "the end of a session could not be stored");
        // Sent back, the browser would go in circles.
        return Err(TokenError::Dead(LOGIN_REQUIRED.to_owned()).into());
    }
    Ok(())
}
