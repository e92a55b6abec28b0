//! The token view, the explicit refresh, the forced expiry, and the report of what
//! they did.

use crate::{
    BffError,
    components::Components,
    grant::{GrantStatus, TokenRequirement},
    refresh::{Freshness, TokenError},
    session::SessionRecord,
    store::GrantStore as _,
};
use confidant_wire::{Cause, Report, TokenView};
use std::sync::PoisonError;

/// Returns what may be shown of the session's access token.
pub(crate) async fn view(
    components: &Components,
    session: &SessionRecord,
) -> Result<TokenView, BffError> {
    let grant = components.sessions.grant(session).await?;
    if let GrantStatus::Dead(reason) = grant.status {
        return Err(TokenError::Dead(reason).into());
    }
    let now = components.clock.now();
    let reuse = components.providers.reuse_rule(&grant.provider);
    grant.view(reuse, now).ok_or(BffError::NotSignedIn)
}

/// Returns what the last refresh changed, and the recorded exchanges.
pub(crate) async fn report(
    components: &Components,
    session: &SessionRecord,
) -> Result<Report, BffError> {
    let grant = components.sessions.grant(session).await?;
    let reuse = components.providers.reuse_rule(&grant.provider);
    Ok(Report {
        change: grant.change(reuse, components.clock.now()),
        exchanges: components.exchange_log.exchanges(&grant.id),
    })
}

/// Counts an explicit refresh, or a request that leads to one.
fn limit(components: &Components, session: &SessionRecord) -> Result<(), BffError> {
    let limit = components.rate_limit.lock();
    let mut limit = limit.unwrap_or_else(PoisonError::into_inner);
    limit
        .take(&session.grant, components.clock.now())
        .map_err(|retry_after| BffError::RateLimited { retry_after })
}

/// Exchanges the refresh token for new tokens.
pub(crate) async fn refresh(
    components: &Components,
    session: &SessionRecord,
) -> Result<TokenView, BffError> {
    limit(components, session)?;
    let serial = components.sessions.grant(session).await?.serial;
    components
        .engine
        .access_token(
            &session.grant,
            &TokenRequirement::default(),
            Freshness::NewerThan(serial),
            Cause::Manual,
        )
        .await?;
    view(components, session).await
}

/// Marks every access token of the session as expired, so that the next use
/// refreshes.
pub(crate) async fn expire(
    components: &Components,
    session: &SessionRecord,
) -> Result<TokenView, BffError> {
    limit(components, session)?;
    loop {
        let mut grant = components.sessions.grant(session).await?;
        grant.expire();
        grant.version += 1;
        if components
            .sessions
            .store
            .replace(&grant, components.clock.now())
            .await?
        {
            return view(components, session).await;
        }
    }
}
