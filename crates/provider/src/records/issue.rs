//! Issuing tokens. Token strings are made here only.

use std::time::Duration;

use super::{codes::AuthorizationCode, store::Records};
use crate::{
    clock::UnixTime,
    digest::Digest,
    dpop::key::Thumbprint,
    family::{AccessToken, Family, RefreshToken},
    oauth::scope::Scope,
    policy::OldAccessToken,
    randomness::{Randomness, random_token},
    refresh::{
        decision::{NextRefreshToken, TokensToIssue},
        successor::derive_successor,
    },
};

/// New tokens with their family. The token strings go into the response and
/// are stored nowhere.
pub(crate) struct IssuedTokens {
    /// The family after the tokens joined it.
    pub(crate) family: Family,
    pub(crate) access_token: String,
    pub(crate) refresh_token: Option<String>,
    /// The scope of the access token.
    pub(crate) scope: Scope,
}

/// What issuing tokens depends on.
pub(crate) struct IssueContext<'a> {
    pub(crate) now: UnixTime,
    pub(crate) access_token_lifetime: Duration,
    pub(crate) randomness: &'a dyn Randomness,
    /// The key that the client has proved. New access tokens are bound to it.
    pub(crate) key: Option<&'a Thumbprint>,
    /// Whether the key binds refresh tokens, too. Those of a confidential
    /// client are bound by its authentication instead (RFC 9449 section 5).
    pub(crate) binds_refresh_tokens: bool,
    /// The secret from which [`derive_successor`] derives refresh tokens.
    pub(crate) successor_key: &'a str,
}

/// Starts the family of a valid authorization code and marks the code as
/// redeemed.
pub(crate) fn redeem_code(
    records: &mut Records,
    digest: &Digest,
    code: &AuthorizationCode,
    context: &IssueContext<'_>,
) -> IssuedTokens {
    records.evict_oldest_family(&code.subject, &code.client);
    let mut family = Family {
        number: records.families.next_number(),
        client: code.client.clone(),
        subject: code.subject.clone(),
        scope: code.scope.clone(),
        auth_time: code.auth_time,
        session: code.session,
        started_at: context.now,
        last_used_at: context.now,
        revoked: None,
        refresh_tokens: Vec::new(),
        access_tokens: Vec::new(),
    };
    let access_token = context.add_access_token(&mut family, code.scope.clone());
    let refresh_token = code
        .offline
        .then(|| context.add_refresh_token(&mut family, None));
    records.codes.mark_redeemed(digest, family.number);
    records.families.store(family.clone());
    IssuedTokens {
        family,
        access_token,
        refresh_token,
        scope: code.scope.clone(),
    }
}

/// Issues the tokens of a granted refresh, for which the client presented the
/// refresh token `presented`.
pub(super) fn issue_refreshed(
    records: &mut Records,
    number: u64,
    presented: &str,
    tokens: &TokensToIssue,
    context: &IssueContext<'_>,
) -> Option<IssuedTokens> {
    let mut family = records.families.get(number)?.clone();
    family.last_used_at = context.now;
    if tokens.old_access_token == OldAccessToken::Revoked {
        for token in &mut family.access_tokens {
            token.revoked = true;
        }
    }
    let digest = Digest::of(presented);
    let used = family
        .refresh_tokens
        .iter_mut()
        .find(|token| token.digest == digest)?;
    used.uses = used.uses.saturating_add(1);
    let parent = used.generation;
    let is_rotated = matches!(
        tokens.refresh_token,
        NextRefreshToken::Random | NextRefreshToken::Derived
    );
    if is_rotated {
        used.rotated_at.get_or_insert(context.now);
    }
    let derived = || derive_successor(context.successor_key, presented);
    let refresh_token = match tokens.refresh_token {
        NextRefreshToken::Omitted => None,
        NextRefreshToken::Presented => Some(presented.to_owned()),
        NextRefreshToken::DerivedAgain => Some(derived()),
        NextRefreshToken::Derived => {
            let value = derived();
            context.record_refresh_token(&mut family, &value, Some(parent));
            Some(value)
        }
        NextRefreshToken::Random => Some(context.add_refresh_token(&mut family, Some(parent))),
    };
    let access_token = context.add_access_token(&mut family, tokens.scope.clone());
    records.families.store(family.clone());
    Some(IssuedTokens {
        family,
        access_token,
        refresh_token,
        scope: tokens.scope.clone(),
    })
}

impl IssueContext<'_> {
    /// Adds a new access token to `family` and returns its string.
    fn add_access_token(&self, family: &mut Family, scope: Scope) -> String {
        let value = random_token(self.randomness, "mat_");
        family.access_tokens.push(AccessToken {
            digest: Digest::of(&value),
            scope,
            issued_at: self.now,
            expires_at: self.now.plus(self.access_token_lifetime),
            revoked: false,
            key: self.key.cloned(),
        });
        value
    }

    /// Adds a new random refresh token to `family` and returns its string.
    fn add_refresh_token(&self, family: &mut Family, parent: Option<u64>) -> String {
        let value = random_token(self.randomness, "mrt_");
        self.record_refresh_token(family, &value, parent);
        value
    }

    fn record_refresh_token(&self, family: &mut Family, value: &str, parent: Option<u64>) {
        let last = family.refresh_tokens.last();
        let generation = last.map_or(1, |token| token.generation + 1);
        family.refresh_tokens.push(RefreshToken {
            digest: Digest::of(value),
            generation,
            issued_at: self.now,
            rotated_at: None,
            uses: 0,
            parent,
            key: self.key.filter(|_| self.binds_refresh_tokens).cloned(),
        });
    }
}
