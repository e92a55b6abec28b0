//! Issuing tokens: the only place where token strings are made.

use std::time::Duration;

use super::{
    Records,
    code::AuthorizationCode,
    family::{AccessToken, Family, RefreshToken},
};
use crate::{
    clock::UnixTime,
    digest::Digest,
    dpop::key::Thumbprint,
    oauth::scope::Scope,
    policy::OldAccessToken,
    randomness::{Randomness, random_token},
    refresh::{
        decision::{NextRefreshToken, TokensToIssue},
        successor::successor,
    },
};

/// Live families of one person at one client. The oldest dies silently, as
/// at Google.
const MAX_FAMILIES: usize = 100;
/// Access tokens kept for one family. The oldest makes room.
const MAX_ACCESS_TOKENS: usize = 1000;
/// Refresh tokens kept for one family. A replay of one that was dropped is
/// refused as unknown, without revoking the family.
const MAX_REFRESH_TOKENS: usize = 256;

/// The strings of tokens just made. They leave in the answer and are kept
/// nowhere.
pub(crate) struct Issued {
    pub(crate) access_token: String,
    pub(crate) refresh_token: Option<String>,
}

/// Tokens just made, with the family they joined.
pub(crate) struct IssuedTokens {
    pub(crate) family: Family,
    pub(crate) issued: Issued,
    pub(crate) scope: Scope,
}

/// What issuing needs from outside.
pub(crate) struct IssueContext<'a> {
    pub(crate) now: UnixTime,
    pub(crate) access_token_lifetime: Duration,
    pub(crate) randomness: &'a dyn Randomness,
    /// The key that the request proved: what is issued is bound to it.
    pub(crate) key: Option<&'a Thumbprint>,
    /// Whether refresh tokens are as well. Those of a client that has a
    /// secret are bound by that already (RFC 9449 section 5).
    pub(crate) binds_refresh_tokens: bool,
    /// What turns a refresh token into the successor that can be made again.
    pub(crate) successor_key: &'a str,
}

impl Records {
    /// Starts the family of a code that was found good, and marks the code.
    pub(crate) fn redeem_code(
        &mut self,
        code: Digest,
        grant: &AuthorizationCode,
        context: &IssueContext<'_>,
    ) -> IssuedTokens {
        self.evict_oldest_family(&grant.subject, &grant.client);
        self.last_family += 1;
        let mut family = Family {
            number: self.last_family,
            client: grant.client.clone(),
            subject: grant.subject.clone(),
            scope: grant.scope.clone(),
            auth_time: grant.auth_time,
            session: grant.session,
            started_at: context.now,
            last_used_at: context.now,
            revoked: None,
            refresh_tokens: Vec::new(),
            access_tokens: Vec::new(),
        };
        let issued = Issued {
            access_token: context.access_token(&mut family, grant.scope.clone()),
            refresh_token: grant
                .offline
                .then(|| context.refresh_token(&mut family, None)),
        };
        if let Some(code) = self.codes.get_mut(&code) {
            code.redeemed_for = Some(family.number);
        }
        self.store_family(family.clone());
        IssuedTokens {
            family,
            issued,
            scope: grant.scope.clone(),
        }
    }

    /// Carries out a refresh that was granted to the holder of `presented`.
    pub(crate) fn issue_refreshed(
        &mut self,
        number: u64,
        presented: &str,
        tokens: &TokensToIssue,
        context: &IssueContext<'_>,
    ) -> Option<IssuedTokens> {
        let mut family = self.families.get(&number)?.clone();
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
        let gives_new = matches!(
            tokens.refresh_token,
            NextRefreshToken::Random | NextRefreshToken::Derived
        );
        if gives_new {
            used.rotated_at.get_or_insert(context.now);
        }
        let derived = || successor(context.successor_key, presented);
        let refresh_token = match tokens.refresh_token {
            NextRefreshToken::Omitted => None,
            NextRefreshToken::Presented => Some(presented.to_owned()),
            NextRefreshToken::DerivedAgain => Some(derived()),
            NextRefreshToken::Derived => {
                let value = derived();
                context.add_refresh_token(&mut family, &value, Some(parent));
                Some(value)
            }
            NextRefreshToken::Random => Some(context.refresh_token(&mut family, Some(parent))),
        };
        let issued = Issued {
            access_token: context.access_token(&mut family, tokens.scope.clone()),
            refresh_token,
        };
        self.store_family(family.clone());
        Some(IssuedTokens {
            family,
            issued,
            scope: tokens.scope.clone(),
        })
    }

    /// Stores `family` within its bounds, and finds it by its tokens.
    fn store_family(&mut self, mut family: Family) {
        let excess = |len: usize, most: usize| len.saturating_sub(most);
        let access = excess(family.access_tokens.len(), MAX_ACCESS_TOKENS);
        let refresh = excess(family.refresh_tokens.len(), MAX_REFRESH_TOKENS);
        let access = family.access_tokens.drain(..access).map(|t| t.digest);
        let refresh = family.refresh_tokens.drain(..refresh).map(|t| t.digest);
        for dropped in access.chain(refresh) {
            self.family_by_token.remove(&dropped);
        }
        for digest in family.digests() {
            self.family_by_token.insert(digest, family.number);
        }
        self.families.insert(family.number, family);
    }

    fn evict_oldest_family(&mut self, subject: &str, client: &str) {
        let own = |family: &&Family| family.subject == subject && family.client == client;
        let numbers: Vec<u64> = self
            .families
            .values()
            .filter(own)
            .map(|family| family.number)
            .collect();
        let excess = (numbers.len() + 1).saturating_sub(MAX_FAMILIES);
        for number in &numbers[..excess] {
            self.remove_family(*number);
        }
    }

    /// Forgets a family, its tokens and the code that started it.
    pub(super) fn remove_family(&mut self, number: u64) {
        if let Some(family) = self.families.remove(&number) {
            for digest in family.digests() {
                self.family_by_token.remove(&digest);
            }
            self.codes
                .retain(|_, code| code.redeemed_for != Some(number));
        }
    }
}

impl IssueContext<'_> {
    fn access_token(&self, family: &mut Family, scope: Scope) -> String {
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

    fn refresh_token(&self, family: &mut Family, parent: Option<u64>) -> String {
        let value = random_token(self.randomness, "mrt_");
        self.add_refresh_token(family, &value, parent);
        value
    }

    fn add_refresh_token(&self, family: &mut Family, value: &str, parent: Option<u64>) {
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
