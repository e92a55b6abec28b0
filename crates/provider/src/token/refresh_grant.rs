//! The refresh grant (RFC 6749 section 6): carries out what was decided.

use axum::response::Response;

use super::response::token_response;
use crate::{
    config::Client,
    decision_log::{DecisionEvent, EventKind},
    dpop::key::Thumbprint,
    oauth::{
        error::{ErrorCode, OAuthError},
        parameters::Parameters,
        scope::Scope,
    },
    provider::Provider,
    refresh::{
        decision::Outcome,
        exchange::{PresentedToken, RefreshResult, exchange},
    },
};

/// Exchanges a refresh token for tokens, as the client's policy has it. They
/// are bound to `key`.
pub(super) fn exchange_refresh_token(
    provider: &Provider,
    client: &Client,
    form: &Parameters,
    key: Option<&Thumbprint>,
) -> Result<Response, OAuthError> {
    let refresh_token = form.get("refresh_token");
    let request = PresentedToken {
        client: &client.id,
        refresh_token: refresh_token.ok_or_else(|| OAuthError::missing("refresh_token"))?,
        scope: form.get("scope").map(Scope::parse),
    };
    let policy = provider.policy(client);
    let (result, now) = provider.change(|state, now| {
        let context = provider.issue_context(client, key, now);
        let result = exchange(&mut state.records, &request, &policy.refresh, &context);
        state.decisions.record(now, log_entry(client, &result));
        (result, now)
    });
    let refused = |code| OAuthError::new(code, result.decision.reason.description());
    match (result.granted, result.decision.outcome) {
        (Some(granted), _) => token_response(provider, granted, None, now),
        (None, Outcome::Refused(code)) => Err(refused(code)),
        (None, _) => Err(refused(ErrorCode::InvalidGrant)),
    }
}

fn log_entry(client: &Client, result: &RefreshResult) -> DecisionEvent {
    let decision = &result.decision;
    DecisionEvent {
        about: EventKind::Refresh,
        client: client.id.clone(),
        endpoint: None,
        family: result.family,
        generation: result.generation,
        outcome: match decision.outcome {
            Outcome::Granted(_) => "granted",
            Outcome::Refused(_) => "refused",
            Outcome::FamilyRevoked => "family_revoked",
        },
        reason: decision.reason.code(),
        description: decision.reason.description(),
    }
}
