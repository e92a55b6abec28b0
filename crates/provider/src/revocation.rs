//! `POST /revoke`: token revocation (RFC 7009).

use axum::{
    extract::State,
    http::{HeaderMap, StatusCode},
};

use crate::{
    client_authentication::authenticate,
    decision_log::{DecisionEvent, EventKind},
    family::RevocationCause,
    oauth::{
        error::{ErrorCode, OAuthError},
        form::OAuthForm,
    },
    provider::Provider,
};

/// Revokes the family of an access or refresh token. An unknown token is no
/// error, since it cannot be used anyway (section 2.2).
pub(crate) async fn revoke(
    State(provider): State<Provider>,
    headers: HeaderMap,
    OAuthForm(form): OAuthForm,
) -> Result<StatusCode, OAuthError> {
    let client = authenticate(provider.config(), &headers, &form)?;
    let token = form
        .get("token")
        .ok_or_else(|| OAuthError::missing_parameter("token"))?;
    provider.update(|state, now| {
        let families = &mut state.records.families;
        let family = families.of_token(token);
        let number = family.map(|family| family.number);
        let of_other_client = family.is_some_and(|family| family.client != client.id);
        let (outcome, reason, description) = match (number, of_other_client) {
            (None, _) => ("ignored", "unknown_token", "The token is unknown."),
            (_, true) => (
                "refused",
                "foreign_client",
                "The token belongs to another client.",
            ),
            (_, false) => (
                "family_revoked",
                "by_client",
                "The client revoked the token.",
            ),
        };
        let kind = EventKind::Revocation;
        let event = DecisionEvent::new(kind, &client.id, outcome, reason, description);
        state.decisions.record(now, event.about_family(number));
        if of_other_client {
            let code = ErrorCode::UnauthorizedClient;
            return Err(OAuthError::new(code, description));
        }
        if let Some(number) = number {
            families.revoke(number, RevocationCause::ByClient, now);
        }
        Ok(StatusCode::OK)
    })
}
