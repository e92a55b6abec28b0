//! The refresh token grant (RFC 6749 section 6).

use axum::response::Response;

use super::{issue_context::issue_context, response::token_response};
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
    records::refresh::{PresentedToken, RefreshResult, refresh},
    refresh::decision::Outcome,
};

/// Exchanges a refresh token for tokens under the client's policy. The new
/// tokens are bound to `key`.
pub(super) fn exchange_refresh_token(
    provider: &Provider,
    client: &Client,
    form: &Parameters,
    key: Option<&Thumbprint>,
) -> Result<Response, OAuthError> {
    let refresh_token = form.get("refresh_token");
    let presented = PresentedToken {
        client: &client.id,
        refresh_token: refresh_token
            .ok_or_else(|| OAuthError::missing_parameter("refresh_token"))?,
        scope: form.get("scope").map(Scope::parse),
    };
    let policy = provider.policy(client).refresh;
    let (result, now) = provider.update(|state, now| {
        let context = issue_context(provider, client, key, now);
        let result = refresh(&mut state.records, &presented, &policy, &context);
        state.decisions.record(now, log_event(client, &result));
        (result, now)
    });
    let refused = |code| OAuthError::new(code, result.decision.reason.description());
    match (result.issued, result.decision.outcome) {
        (Some(issued), _) => token_response(provider, issued, None, now),
        (None, Outcome::Refused(code)) => Err(refused(code)),
        (None, _) => Err(refused(ErrorCode::InvalidGrant)),
    }
}

fn log_event(client: &Client, result: &RefreshResult) -> DecisionEvent {
    let decision = &result.decision;
    let outcome = match decision.outcome {
        Outcome::Granted(_) => "granted",
        Outcome::Refused(_) => "refused",
        Outcome::FamilyRevoked => "family_revoked",
    };
    let (reason, description) = (decision.reason.code(), decision.reason.description());
    DecisionEvent::new(EventKind::Refresh, &client.id, outcome, reason, description)
        .about_family(result.family)
        .about_generation(result.generation)
}
