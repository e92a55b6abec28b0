//! `POST /revoke` (RFC 7009).

use axum::{extract::State, http::HeaderMap, http::StatusCode};

use crate::{
    decision_log::{DecisionEvent, EventKind},
    oauth::error::{ErrorCode, OAuthError, OAuthForm},
    provider::Provider,
    records::family::RevocationCause,
    token::client_authentication::authenticate,
};

/// Ends the family that the token belongs to, whichever of its tokens it is.
/// An unknown token is no error: it is as dead as was wanted (section 2.2).
pub(crate) async fn revoke(
    State(provider): State<Provider>,
    headers: HeaderMap,
    OAuthForm(form): OAuthForm,
) -> Result<StatusCode, OAuthError> {
    let client = authenticate(provider.config(), &headers, &form)?;
    let token = form
        .get("token")
        .ok_or_else(|| OAuthError::missing("token"))?;
    provider.change(|state, now| {
        let family = state.records.family_of(token);
        let number = family.map(|family| family.number);
        let foreign = family.is_some_and(|family| family.client != client.id);
        let (outcome, reason, description) = match (number, foreign) {
            (None, _) => ("ignored", "unknown_token", "Nobody was given this token."),
            (_, true) => (
                "refused",
                "foreign_client",
                "The token belongs to another client.",
            ),
            (_, false) => ("family_revoked", "by_client", "The client asked for it."),
        };
        state.decisions.record(
            now,
            DecisionEvent {
                about: EventKind::Revocation,
                client: client.id.clone(),
                endpoint: None,
                family: number,
                generation: None,
                outcome,
                reason,
                description,
            },
        );
        if foreign {
            return Err(OAuthError::new(ErrorCode::UnauthorizedClient, description));
        }
        if let Some(number) = number {
            state
                .records
                .revoke_family(number, RevocationCause::ByClient, now);
        }
        Ok(StatusCode::OK)
    })
}
