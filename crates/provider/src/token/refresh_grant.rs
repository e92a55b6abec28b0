//! The refresh grant (RFC 6749 section 6): carries out what was decided.

use axum::response::Response;

use super::answer::answer;
use crate::{
    config::Client,
    demo::decisions::{About, Decided},
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
pub(super) fn refresh(
    provider: &Provider,
    client: &Client,
    form: &Parameters,
    key: Option<&Thumbprint>,
) -> Result<Response, OAuthError> {
    let refresh_token = form.get("refresh_token");
    let presented = PresentedToken {
        client: &client.id,
        refresh_token: refresh_token.ok_or_else(|| OAuthError::missing("refresh_token"))?,
        scope: form.get("scope").map(Scope::parse),
    };
    let policy = provider.policy(client);
    let (settled, now) = provider.change(|state, now| {
        let context = provider.issue_context(client, key, now);
        let settled = exchange(&mut state.records, &presented, &policy.refresh, &context);
        state.decisions.add(now, decided(client, &settled));
        (settled, now)
    });
    let refused = |code| OAuthError::new(code, settled.decision.reason.description());
    match (settled.granted, settled.decision.outcome) {
        (Some(granted), _) => answer(provider, granted, None, now),
        (None, Outcome::Refused(code)) => Err(refused(code)),
        (None, _) => Err(refused(ErrorCode::InvalidGrant)),
    }
}

fn decided(client: &Client, settled: &RefreshResult) -> Decided {
    let decision = &settled.decision;
    Decided {
        about: About::Refresh,
        client: client.id.clone(),
        endpoint: None,
        family: settled.family,
        generation: settled.generation,
        outcome: match decision.outcome {
            Outcome::Granted(_) => "granted",
            Outcome::Refused(_) => "refused",
            Outcome::FamilyRevoked => "family_revoked",
        },
        reason: decision.reason.code(),
        description: decision.reason.description(),
    }
}
