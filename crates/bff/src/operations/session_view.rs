//! Whether the user is signed in, as whom, and until when.

use crate::{
    BffError, components::Components, grant::GrantStatus, refresh::TokenError,
    request_cookies::RequestCookies, session::SessionRecord,
};
use confidant_wire::{Code, Problem, SessionView, SignedIn};

/// Returns what a page may know of the request's session.
pub(crate) async fn session_view(
    components: &Components,
    cookies: &RequestCookies,
) -> Result<SessionView, BffError> {
    let signed_out = SessionView {
        // Browsers do not send a `SameSite=Strict` cookie when a link on
        // another site led here.
        unknown: cookies.session.value().is_none() && cookies.cross_site,
        ..SessionView::default()
    };
    let Some(session) = components.sessions.find(cookies).await? else {
        return Ok(signed_out);
    };
    match ended(components, &session).await? {
        Some(problem) => Ok(SessionView {
            ended: Some(problem),
            ..signed_out
        }),
        None => Ok(SessionView {
            signed_in: true,
            session: Some(signed_in(components, &session)),
            ..SessionView::default()
        }),
    }
}

/// Returns why the session is over although it has not expired.
async fn ended(
    components: &Components,
    session: &SessionRecord,
) -> Result<Option<Problem>, BffError> {
    match components.sessions.grant(session).await {
        Ok(grant) => Ok(match grant.status {
            GrantStatus::Dead(reason) => Some(BffError::Token(TokenError::Dead(reason)).problem()),
            _ => None,
        }),
        Err(error) if error.code() == Code::GrantDead => Ok(Some(error.report())),
        Err(error) => Err(error),
    }
}

fn signed_in(components: &Components, session: &SessionRecord) -> SignedIn {
    let provider = components.providers.get(&session.provider);
    SignedIn {
        subject: session.subject.clone(),
        name: session.name.clone(),
        provider: session.provider.clone(),
        provider_name: provider.map_or_else(
            || session.provider.clone(),
            |provider| provider.settings.name.clone(),
        ),
        kind: session.kind,
        since: session.created_at,
        until: Some(session.expires_at),
    }
}
