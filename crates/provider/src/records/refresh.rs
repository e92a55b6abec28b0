//! Carrying out a refresh: decide it, then change the records accordingly.

use super::{
    issue::{IssueContext, IssuedTokens, issue_refreshed},
    store::Records,
};
use crate::{
    digest::Digest,
    family::RevocationCause,
    oauth::scope::Scope,
    policy::RefreshPolicy,
    refresh::{
        decision::{Decision, Outcome, RefreshRequest, decide},
        successor::derive_successor,
    },
};

/// A refresh token as a client presents it.
pub(crate) struct PresentedToken<'a> {
    /// The client that authenticated.
    pub(crate) client: &'a str,
    pub(crate) refresh_token: &'a str,
    /// The requested scope.
    pub(crate) scope: Option<Scope>,
}

/// The decision about a refresh, and what it led to.
pub(crate) struct RefreshResult {
    pub(crate) decision: Decision,
    /// The number of the token's family.
    pub(crate) family: Option<u64>,
    /// The token's position in the family.
    pub(crate) generation: Option<u64>,
    /// The new tokens, if the refresh was granted.
    pub(crate) issued: Option<IssuedTokens>,
}

/// Decides whether the client gets new tokens, then issues them or revokes
/// the family as decided.
pub(crate) fn refresh(
    records: &mut Records,
    presented: &PresentedToken<'_>,
    policy: &RefreshPolicy,
    context: &IssueContext<'_>,
) -> RefreshResult {
    let token = presented.refresh_token;
    let request = RefreshRequest {
        client: presented.client,
        token: Digest::of(token),
        successor: Digest::of(&derive_successor(context.successor_key, token)),
        scope: presented.scope.clone(),
        key: context.key,
    };
    let family = records.families.of_token(token);
    let number = family.map(|family| family.number);
    let generation = family
        .and_then(|family| family.refresh_token(&request.token))
        .map(|token| token.generation);
    let decision = decide(family, &request, policy, context.now);
    let mut issued = None;
    if let Some(number) = number {
        match &decision.outcome {
            Outcome::Refused(_) => (),
            Outcome::FamilyRevoked => {
                let cause = RevocationCause::RefreshTokenReused;
                records.families.revoke(number, cause, context.now);
            }
            Outcome::Granted(tokens) => {
                issued = issue_refreshed(records, number, token, tokens, context);
            }
        }
    }
    RefreshResult {
        decision,
        family: number,
        generation,
        issued,
    }
}
