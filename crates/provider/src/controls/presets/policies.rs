//! The policy presets.

use std::time::Duration;

use super::preset::{PolicyBody, Preset};
use crate::policy::{
    AccessTokenLifetime, DpopNonce, OfflineAccess, OldAccessToken, OldRefreshToken, Policy,
    PolicyChange, RefreshAnswer, RefreshLifetime, Reuse,
};

/// The grace period of the presets, which is Okta's default.
const GRACE_PERIOD: Duration = Duration::from_secs(30);
/// The lifetimes of the demo's clients.
const TWO_WEEKS: Duration = Duration::from_secs(14 * 24 * 3600);
const EIGHT_HOURS: Duration = Duration::from_secs(8 * 3600);

pub(super) fn policies() -> Vec<Preset<PolicyBody>> {
    let preset = |id, name, description, policy| Preset {
        id,
        name,
        description,
        body: PolicyBody { policy },
    };
    let rotation = |id, name, description, answer, old| {
        let change = PolicyChange {
            answer: Some(answer),
            old_refresh_token: Some(old),
            reuse: Some(Reuse::FamilyRevoked),
            ..PolicyChange::default()
        };
        preset(id, name, description, change)
    };
    let old_access_token = |id, name, description, old| {
        let change = PolicyChange {
            old_access_token: Some(old),
            ..PolicyChange::default()
        };
        preset(id, name, description, change)
    };
    let lifetime = |id, name, description, seconds| {
        let change = PolicyChange {
            access_token_lifetime: Some(AccessTokenLifetime(Duration::from_secs(seconds))),
            ..PolicyChange::default()
        };
        preset(id, name, description, change)
    };
    vec![
        preset(
            "fapi2_confidential",
            "As FAPI 2.0, for a confidential client",
            "Refresh tokens are not rotated: without the client's secret they are useless.",
            PolicyChange::from_policy(&Policy::fapi2(RefreshLifetime::Sliding(TWO_WEEKS))),
        ),
        preset(
            "rfc9700_public",
            "As RFC 9700, for a public client",
            "Rotated or bound to a key; ended by reuse, a sign-out at the provider, or eight hours.",
            PolicyChange::from_policy(&Policy::public_client(EIGHT_HOURS)),
        ),
        preset(
            "bound_stays",
            "Bound tokens stay the same",
            "Each refresh returns the same refresh token if it is bound to a key.",
            PolicyChange {
                bound_answer: Some(RefreshAnswer::Same),
                ..PolicyChange::default()
            },
        ),
        preset(
            "bound_rotates",
            "Bound tokens rotate as well",
            "Refresh tokens bound to a key are rotated like any other.",
            PolicyChange {
                bound_answer: Some(RefreshAnswer::New),
                ..PolicyChange::default()
            },
        ),
        preset(
            "dpop_nonce",
            "DPoP with nonce",
            "Proofs need a nonce from the provider, which changes every three minutes.",
            PolicyChange {
                dpop_nonce: Some(DpopNonce::Required),
                ..PolicyChange::default()
            },
        ),
        preset(
            "no_dpop_nonce",
            "DPoP without nonce",
            "Proofs need no nonce.",
            PolicyChange {
                dpop_nonce: Some(DpopNonce::Optional),
                ..PolicyChange::default()
            },
        ),
        preset(
            "no_refresh_token",
            "No refresh token",
            "New sign-ins give an access token only.",
            PolicyChange {
                offline: Some(OfflineAccess::Never),
                ..PolicyChange::default()
            },
        ),
        rotation(
            "strict",
            "Strict rotation",
            "Each refresh gives a new refresh token; reuse of an old one revokes all tokens.",
            RefreshAnswer::New,
            OldRefreshToken::Revoked,
        ),
        rotation(
            "grace_a",
            "Grace A",
            "For 30 s the old refresh token gives another new pair.",
            RefreshAnswer::New,
            OldRefreshToken::GraceNewPair(GRACE_PERIOD),
        ),
        rotation(
            "grace_b",
            "Grace B",
            "For 30 s the old refresh token gives the same new one again.",
            RefreshAnswer::New,
            OldRefreshToken::GraceSameSuccessor(GRACE_PERIOD),
        ),
        rotation(
            "grace_c",
            "Grace C",
            "The old refresh token is valid until a new one is first used.",
            RefreshAnswer::New,
            OldRefreshToken::UntilSuccessorUsed,
        ),
        rotation(
            "static",
            "The same token",
            "Every answer contains the same refresh token.",
            RefreshAnswer::Same,
            OldRefreshToken::Revoked,
        ),
        rotation(
            "omitted",
            "No token in the answer",
            "The answer contains no refresh token: the client keeps its own.",
            RefreshAnswer::Omitted,
            OldRefreshToken::Revoked,
        ),
        old_access_token(
            "old_access_token_lives",
            "Old access token lives on",
            "After a refresh, earlier access tokens stay valid until they expire.",
            OldAccessToken::Lives,
        ),
        old_access_token(
            "old_access_token_killed",
            "Old access token killed",
            "A refresh revokes earlier access tokens at once, even if its answer is lost.",
            OldAccessToken::Revoked,
        ),
        lifetime(
            "access_token_15_s",
            "15-second tokens",
            "New access tokens expire after fifteen seconds.",
            15,
        ),
        lifetime(
            "access_token_60_s",
            "60-second tokens",
            "New access tokens expire after a minute.",
            60,
        ),
        lifetime(
            "access_token_1_h",
            "One-hour tokens",
            "New access tokens expire after an hour.",
            3_600,
        ),
    ]
}
