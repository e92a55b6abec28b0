//! Policies to be had in one press.

use std::time::Duration;

use super::{PolicyBody, Preset};
use crate::policy::{
    AccessTokenLifetime, DpopNonce, OfflineAccess, OldAccessToken, OldRefreshToken, Policy,
    PolicyChange, RefreshAnswer, RefreshLifetime, Reuse,
};

/// How long the graces of the presets last: Okta's default.
const GRACE: Duration = Duration::from_secs(30);
/// The lifetimes that the demo's own clients are configured with.
const FORTNIGHT: Duration = Duration::from_secs(14 * 24 * 3600);
const WORKDAY: Duration = Duration::from_secs(8 * 3600);

pub(super) fn policies() -> Vec<Preset<PolicyBody>> {
    let of = |id, name, description, policy| Preset {
        id,
        name,
        description,
        body: PolicyBody { policy },
    };
    let policy = |id, name, description, answer, old| {
        let change = PolicyChange {
            answer: Some(answer),
            old_refresh_token: Some(old),
            reuse: Some(Reuse::FamilyRevoked),
            ..PolicyChange::default()
        };
        of(id, name, description, change)
    };
    let old_access_token = |id, name, description, old| {
        let change = PolicyChange {
            old_access_token: Some(old),
            ..PolicyChange::default()
        };
        of(id, name, description, change)
    };
    let lifetime = |id, name, description, seconds| {
        let change = PolicyChange {
            access_token_lifetime: Some(AccessTokenLifetime(Duration::from_secs(seconds))),
            ..PolicyChange::default()
        };
        of(id, name, description, change)
    };
    vec![
        of(
            "fapi2_confidential",
            "As FAPI 2.0, for a confidential client",
            "Refresh tokens are not rotated: without the client's secret they are worth nothing.",
            PolicyChange::all_of(&Policy::fapi2(RefreshLifetime::Sliding(FORTNIGHT))),
        ),
        of(
            "rfc9700_public",
            "As RFC 9700, for a public client",
            "Rotated or bound; ended by reuse, after eight hours, or by a sign-out at the provider.",
            PolicyChange::all_of(&Policy::public_client(WORKDAY)),
        ),
        of(
            "bound_stays",
            "Bound tokens stay the same",
            "A refresh token that is bound to a key is given out again at each refresh.",
            PolicyChange {
                bound_answer: Some(RefreshAnswer::Same),
                ..PolicyChange::default()
            },
        ),
        of(
            "bound_rotates",
            "Bound tokens rotate as well",
            "A refresh token that is bound to a key is rotated like any other.",
            PolicyChange {
                bound_answer: Some(RefreshAnswer::New),
                ..PolicyChange::default()
            },
        ),
        of(
            "dpop_nonce",
            "DPoP with nonce",
            "Proofs have to carry a nonce of the provider's, which changes every three minutes.",
            PolicyChange {
                dpop_nonce: Some(DpopNonce::Required),
                ..PolicyChange::default()
            },
        ),
        of(
            "no_dpop_nonce",
            "DPoP without nonce",
            "Proofs need no nonce.",
            PolicyChange {
                dpop_nonce: Some(DpopNonce::Optional),
                ..PolicyChange::default()
            },
        ),
        of(
            "no_refresh_token",
            "No refresh token",
            "New sign-ins bring an access token only.",
            PolicyChange {
                offline: Some(OfflineAccess::Never),
                ..PolicyChange::default()
            },
        ),
        policy(
            "strict",
            "Strict rotation",
            "A new refresh token each time; the old one used again ends everything.",
            RefreshAnswer::New,
            OldRefreshToken::Revoked,
        ),
        policy(
            "grace_a",
            "Grace A",
            "For 30 s the old refresh token gives another new pair.",
            RefreshAnswer::New,
            OldRefreshToken::GraceNewPair(GRACE),
        ),
        policy(
            "grace_b",
            "Grace B",
            "For 30 s the old refresh token gives the same new one again.",
            RefreshAnswer::New,
            OldRefreshToken::GraceSameSuccessor(GRACE),
        ),
        policy(
            "grace_c",
            "Grace C",
            "The old refresh token is good until a new one is first used.",
            RefreshAnswer::New,
            OldRefreshToken::UntilSuccessorUsed,
        ),
        policy(
            "static",
            "The same token",
            "Every answer has the same refresh token again.",
            RefreshAnswer::Same,
            OldRefreshToken::Revoked,
        ),
        policy(
            "omitted",
            "No token in the answer",
            "The answer has no refresh token: the client keeps its own.",
            RefreshAnswer::Omitted,
            OldRefreshToken::Revoked,
        ),
        old_access_token(
            "old_access_token_lives",
            "Old access token lives on",
            "A refresh leaves earlier access tokens alone until they run out.",
            OldAccessToken::Lives,
        ),
        old_access_token(
            "old_access_token_killed",
            "Old access token killed",
            "A refresh ends earlier access tokens at once, its answer lost or not.",
            OldAccessToken::Revoked,
        ),
        lifetime(
            "access_token_15_s",
            "15-second tokens",
            "New access tokens live for fifteen seconds.",
            15,
        ),
        lifetime(
            "access_token_60_s",
            "60-second tokens",
            "New access tokens live for a minute.",
            60,
        ),
        lifetime(
            "access_token_1_h",
            "One-hour tokens",
            "New access tokens live for an hour.",
            3_600,
        ),
    ]
}
