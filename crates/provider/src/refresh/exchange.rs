//! A refresh token is presented: decide, and carry it out in the records.

use super::{
    decision::{Decision, Outcome, RefreshRequest, decide},
    successor::successor,
};
use crate::{
    digest::Digest,
    oauth::scope::Scope,
    policy::RefreshPolicy,
    records::{IssueContext, IssuedTokens, Records, family::RevocationCause},
};

/// What a client sent.
pub(crate) struct PresentedToken<'a> {
    /// The client that authenticated.
    pub(crate) client: &'a str,
    pub(crate) refresh_token: &'a str,
    /// The scope asked for, if any.
    pub(crate) scope: Option<Scope>,
}

/// What came of it.
pub(crate) struct RefreshResult {
    pub(crate) decision: Decision,
    /// The number of the family that the token belongs to.
    pub(crate) family: Option<u64>,
    /// Which token of the family it was.
    pub(crate) generation: Option<u64>,
    /// The new tokens, if they were granted.
    pub(crate) granted: Option<IssuedTokens>,
}

/// Decides about `presented` and does to `records` what was decided.
pub(crate) fn exchange(
    records: &mut Records,
    presented: &PresentedToken<'_>,
    policy: &RefreshPolicy,
    context: &IssueContext<'_>,
) -> RefreshResult {
    let token = presented.refresh_token;
    let request = RefreshRequest {
        client: presented.client,
        token: Digest::of(token),
        successor: Digest::of(&successor(context.successor_key, token)),
        scope: presented.scope.clone(),
        key: context.key,
    };
    let family = records.family_of(token);
    let number = family.map(|family| family.number);
    let generation = family
        .and_then(|family| family.refresh_token(&request.token))
        .map(|token| token.generation);
    let decision = decide(family, &request, policy, context.now);
    let mut granted = None;
    if let Some(number) = number {
        match &decision.outcome {
            Outcome::Refused(_) => (),
            Outcome::FamilyRevoked => {
                let cause = RevocationCause::RefreshTokenReused;
                records.revoke_family(number, cause, context.now);
            }
            Outcome::Granted(decided) => {
                granted = records.issue_refreshed(number, token, decided, context);
            }
        }
    }
    RefreshResult {
        decision,
        family: number,
        generation,
        granted,
    }
}
