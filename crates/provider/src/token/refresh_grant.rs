//! The refresh grant (RFC 6749 section 6): carries out what was decided.

use axum::response::Response;

use super::answer::answer;
use crate::{
    config::Client,
    demo::decisions::{About, Decided},
    digest::Digest,
    oauth::{
        error::{ErrorCode, OAuthError},
        parameters::Parameters,
        scope::Scope,
    },
    provider::Provider,
    records::family::RevocationCause,
    refresh::decision::{Outcome, RefreshRequest, decide},
};

/// Exchanges a refresh token for tokens, as the client's policy has it.
pub(super) fn refresh(
    provider: &Provider,
    client: &Client,
    form: &Parameters,
) -> Result<Response, OAuthError> {
    let presented = form.get("refresh_token");
    let presented = presented.ok_or_else(|| OAuthError::missing("refresh_token"))?;
    let request = RefreshRequest {
        client: &client.id,
        token: Digest::of(presented),
        scope: form.get("scope").map(Scope::parse),
    };
    let done = provider.change(|state, now| {
        let family = state.records.family_of(presented);
        let number = family.map(|family| family.number);
        let token = family.and_then(|family| family.refresh_token(&request.token));
        let generation = token.map(|token| token.generation);
        let decision = decide(family, &request, &client.policy.refresh, now);
        let outcome = match decision.outcome {
            Outcome::Granted(_) => "granted",
            Outcome::Refused(_) => "refused",
            Outcome::FamilyRevoked => "family_revoked",
        };
        state.decisions.add(
            now,
            Decided {
                about: About::Refresh,
                client: client.id.clone(),
                family: number,
                generation,
                outcome,
                reason: decision.reason.code(),
                words: decision.reason.words(),
            },
        );
        let refused = |code| OAuthError::new(code, decision.reason.words());
        let unknown = || refused(ErrorCode::InvalidGrant);
        match decision.outcome {
            Outcome::Refused(code) => Err(refused(code)),
            Outcome::FamilyRevoked => {
                let family = number.and_then(|number| state.records.families.get_mut(&number));
                if let Some(family) = family {
                    family.revoke(RevocationCause::RefreshTokenReused, now);
                }
                Err(unknown())
            }
            Outcome::Granted(ref granted) => {
                let number = number.ok_or_else(unknown)?;
                let issuer = provider.issuer(now);
                let renewed = state.records.renew(number, presented, granted, &issuer);
                Ok((renewed.ok_or_else(unknown)?, now))
            }
        }
    });
    let (granted, now) = done?;
    answer(provider, granted, None, now)
}
