//! The decision about a refresh, as a pure function of the token family, the
//! request, the policy and the time.

use super::{
    expiry::refresh_token_expiry,
    reason::Reason,
    rotation_status::{RotationStatus, rotation_status},
};
use crate::{
    clock::UnixTime,
    digest::Digest,
    dpop::key::Thumbprint,
    family::Family,
    oauth::{error::ErrorCode, scope::Scope},
    policy::{OldAccessToken, OldRefreshToken, RefreshAnswer, RefreshPolicy, Reuse},
};

/// A refresh token that a client presents at the token endpoint.
pub(crate) struct RefreshRequest<'a> {
    /// The client that authenticated.
    pub(crate) client: &'a str,
    /// The digest of the token.
    pub(crate) token: Digest,
    /// The digest of the successor that grace B would derive for that token.
    pub(crate) successor: Digest,
    /// The requested scope.
    pub(crate) scope: Option<Scope>,
    /// The key that the request proved by DPoP.
    pub(crate) key: Option<&'a Thumbprint>,
}

/// What to do with a refresh request, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Decision {
    pub(crate) outcome: Outcome,
    pub(crate) reason: Reason,
}

/// What to do with a refresh request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    Granted(TokensToIssue),
    Refused(ErrorCode),
    /// Refuse the request with `invalid_grant`, and revoke every token of the
    /// family.
    FamilyRevoked,
}

/// The tokens that a granted refresh issues.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TokensToIssue {
    pub(crate) scope: Scope,
    pub(crate) refresh_token: NextRefreshToken,
    /// What happens to earlier access tokens of the family.
    pub(crate) old_access_token: OldAccessToken,
}

/// The refresh token in the response.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NextRefreshToken {
    /// A new, random token.
    Random,
    /// A new token, derived so that the provider can issue it again.
    Derived,
    /// The token derived for an earlier use of the presented token.
    DerivedAgain,
    /// The presented token.
    Presented,
    /// No token.
    Omitted,
}

/// Decides one refresh.
///
/// `family` is the family of the presented token; `None` if the token is
/// unknown.
pub(crate) fn decide(
    family: Option<&Family>,
    request: &RefreshRequest<'_>,
    policy: &RefreshPolicy,
    now: UnixTime,
) -> Decision {
    let refused = |code, reason| Decision {
        outcome: Outcome::Refused(code),
        reason,
    };
    let presented = family.and_then(|family| Some((family, family.refresh_token(&request.token)?)));
    let Some((family, token)) = presented else {
        return refused(ErrorCode::InvalidGrant, Reason::UnknownToken);
    };
    // Check this before anything that revokes the family: a client must not be
    // able to end the tokens of another client.
    if family.client != request.client {
        return refused(ErrorCode::InvalidGrant, Reason::ForeignClient);
    }
    // Check this before reuse, too: a thief without the key must not be able
    // to end the family with a stolen token.
    match (&token.key, request.key) {
        (Some(_), None) => return refused(ErrorCode::InvalidDpopProof, Reason::ProofMissing),
        (Some(bound), Some(key)) if bound != key => {
            return refused(ErrorCode::InvalidGrant, Reason::OtherKey);
        }
        _ => (),
    }
    if family.revoked.is_some() {
        return refused(ErrorCode::InvalidGrant, Reason::FamilyRevoked);
    }
    // Check this before expiry: reuse of a rotated token is a sign of theft,
    // however old the token is.
    let status = rotation_status(family, token, policy.old_refresh_token, now);
    if status == RotationStatus::Spent {
        match policy.reuse {
            Reuse::Ignored => (),
            Reuse::Refused => return refused(ErrorCode::InvalidGrant, Reason::Reused),
            Reuse::FamilyRevoked => {
                return Decision {
                    outcome: Outcome::FamilyRevoked,
                    reason: Reason::Reused,
                };
            }
        }
    }
    if refresh_token_expiry(family, token, policy.lifetime).is_some_and(|end| now >= end) {
        return refused(ErrorCode::InvalidGrant, Reason::Expired);
    }
    let scope = request.scope.as_ref().unwrap_or(&family.scope);
    if !family.scope.covers(scope) {
        return refused(ErrorCode::InvalidScope, Reason::ScopeWidened);
    }
    let repeatable = matches!(
        policy.old_refresh_token,
        OldRefreshToken::GraceSameSuccessor(_)
    );
    // A rotation under another policy derived no successor.
    let has_successor = family.refresh_token(&request.successor).is_some();
    let answer = match token.key {
        Some(_) => policy.bound_answer,
        None => policy.answer,
    };
    let (refresh_token, reason) = match (answer, status) {
        (RefreshAnswer::Same, _) => (NextRefreshToken::Presented, Reason::SameToken),
        (RefreshAnswer::Omitted, _) => (NextRefreshToken::Omitted, Reason::TokenOmitted),
        (RefreshAnswer::New, RotationStatus::Usable) if repeatable => {
            (NextRefreshToken::Derived, Reason::Rotated)
        }
        (RefreshAnswer::New, RotationStatus::Usable) => (NextRefreshToken::Random, Reason::Rotated),
        (RefreshAnswer::New, RotationStatus::InGracePeriod) if repeatable && has_successor => {
            (NextRefreshToken::DerivedAgain, Reason::SameSuccessor)
        }
        (RefreshAnswer::New, RotationStatus::InGracePeriod) => {
            (NextRefreshToken::Random, Reason::NewPairInGrace)
        }
        (RefreshAnswer::New, RotationStatus::Spent) => {
            (NextRefreshToken::Random, Reason::ReuseIgnored)
        }
    };
    Decision {
        outcome: Outcome::Granted(TokensToIssue {
            scope: scope.clone(),
            refresh_token,
            old_access_token: policy.old_access_token,
        }),
        reason,
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::{
        family::{RefreshToken, RevocationCause},
        policy::RefreshLifetime,
    };

    const START: UnixTime = UnixTime::from_millis(1_000_000);
    const HOUR: Duration = Duration::from_secs(3600);

    fn strict() -> RefreshPolicy {
        RefreshPolicy::rotate_strict(RefreshLifetime::FixedFromFirst(HOUR))
    }

    /// Returns a family whose first refresh token was rotated after ten seconds.
    fn family() -> Family {
        let token = |name: &str, generation, issued_at, rotated_at: Option<_>| RefreshToken {
            digest: Digest::of(name),
            generation,
            issued_at,
            rotated_at,
            uses: u32::from(rotated_at.is_some()),
            parent: (generation > 1).then(|| generation - 1),
            key: None,
        };
        let rotated = START.plus(Duration::from_secs(10));
        Family {
            number: 1,
            client: "web".into(),
            subject: "1".into(),
            scope: Scope::parse("openid profile"),
            auth_time: START,
            session: 1,
            started_at: START,
            last_used_at: rotated,
            revoked: None,
            refresh_tokens: vec![
                token("first", 1, START, Some(rotated)),
                token("second", 2, rotated, None),
            ],
            access_tokens: Vec::new(),
        }
    }

    fn present(token: &str, policy: &RefreshPolicy, after: Duration) -> Decision {
        let request = RefreshRequest {
            client: "web",
            token: Digest::of(token),
            successor: Digest::of("none"),
            scope: None,
            key: None,
        };
        decide(Some(&family()), &request, policy, START.plus(after))
    }

    const SOON: Duration = Duration::from_secs(20);

    #[test]
    fn the_newest_token_is_rotated() {
        let decision = present("second", &strict(), SOON);
        assert_eq!(decision.reason, Reason::Rotated);
        assert!(matches!(decision.outcome, Outcome::Granted(granted)
            if granted.refresh_token == NextRefreshToken::Random
                && granted.scope == Scope::parse("openid profile")));
    }

    #[test]
    fn reuse_of_a_rotated_token_revokes_the_family() {
        let decision = present("first", &strict(), SOON);
        assert_eq!(decision.outcome, Outcome::FamilyRevoked);
        assert_eq!(decision.reason, Reason::Reused);
    }

    #[test]
    fn reuse_is_a_sign_of_theft_even_after_expiry() {
        let decision = present("first", &strict(), HOUR * 2);
        assert_eq!(decision.outcome, Outcome::FamilyRevoked);
    }

    #[test]
    fn an_old_token_is_usable_where_old_tokens_stay_valid() {
        let policy = RefreshPolicy {
            old_refresh_token: OldRefreshToken::Valid,
            ..strict()
        };
        assert_eq!(present("first", &policy, SOON).reason, Reason::Rotated);
    }

    #[test]
    fn the_family_stays_where_reuse_is_only_refused() {
        let policy = RefreshPolicy {
            reuse: Reuse::Refused,
            ..strict()
        };
        let decision = present("first", &policy, SOON);
        assert_eq!(decision.outcome, Outcome::Refused(ErrorCode::InvalidGrant));
    }

    #[test]
    fn rotation_does_not_extend_a_lifetime_fixed_from_the_first_token() {
        let last_moment = HOUR - Duration::from_millis(1);
        assert_eq!(
            present("second", &strict(), last_moment).reason,
            Reason::Rotated
        );
        assert_eq!(present("second", &strict(), HOUR).reason, Reason::Expired);
    }

    #[test]
    fn a_sliding_lifetime_counts_from_the_last_rotation() {
        let policy = RefreshPolicy::rotate_strict(RefreshLifetime::Sliding(HOUR));
        let ten_seconds = Duration::from_secs(10);
        assert_eq!(present("second", &policy, HOUR).reason, Reason::Rotated);
        let end = HOUR + ten_seconds;
        assert_eq!(present("second", &policy, end).reason, Reason::Expired);
    }

    #[test]
    fn an_idle_lifetime_counts_from_the_last_use() {
        let policy = RefreshPolicy::same_token(RefreshLifetime::Idle(HOUR));
        assert_eq!(present("second", &policy, HOUR).reason, Reason::SameToken);
        let end = HOUR + Duration::from_secs(10);
        assert_eq!(present("second", &policy, end).reason, Reason::Expired);
    }

    #[test]
    fn another_client_is_refused_and_does_not_revoke_the_family() {
        let request = RefreshRequest {
            client: "mallory",
            token: Digest::of("first"),
            successor: Digest::of("none"),
            scope: None,
            key: None,
        };
        let decision = decide(Some(&family()), &request, &strict(), START);
        assert_eq!(decision.outcome, Outcome::Refused(ErrorCode::InvalidGrant));
        assert_eq!(decision.reason, Reason::ForeignClient);
    }

    #[test]
    fn a_revoked_family_gives_nothing() {
        let mut family = family();
        family.revoke(RevocationCause::ByClient, START);
        let request = RefreshRequest {
            client: "web",
            token: Digest::of("second"),
            successor: Digest::of("none"),
            scope: None,
            key: None,
        };
        let decision = decide(Some(&family), &request, &strict(), START.plus(SOON));
        assert_eq!(decision.reason, Reason::FamilyRevoked);
    }

    #[test]
    fn a_narrower_scope_is_granted_and_a_wider_one_refused() {
        let ask = |scope| {
            let request = RefreshRequest {
                client: "web",
                token: Digest::of("second"),
                successor: Digest::of("none"),
                scope: Some(Scope::parse(scope)),
                key: None,
            };
            decide(Some(&family()), &request, &strict(), START.plus(SOON))
        };
        assert!(matches!(ask("openid").outcome, Outcome::Granted(granted)
            if granted.scope == Scope::parse("openid")));
        let widened = ask("openid email");
        assert_eq!(widened.outcome, Outcome::Refused(ErrorCode::InvalidScope));
    }

    #[test]
    fn an_unknown_token_is_refused() {
        assert_eq!(
            present("other", &strict(), SOON).reason,
            Reason::UnknownToken
        );
    }

    #[test]
    fn a_token_omitted_from_the_response_stays_usable() {
        let policy = RefreshPolicy::omitted(RefreshLifetime::Unlimited);
        let decision = present("second", &policy, HOUR * 10_000);
        assert_eq!(decision.reason, Reason::TokenOmitted);
    }
}
