//! The token families, found by number or by any of their tokens.

use std::{
    collections::{BTreeMap, HashMap},
    time::Duration,
};

use crate::{
    clock::UnixTime,
    digest::Digest,
    family::{AccessToken, Family, RefreshToken, RevocationCause},
    policy::RefreshLifetime,
    refresh::expiry::refresh_token_expiry,
};

/// The largest number of access tokens kept for one family.
const MAX_ACCESS_TOKENS: usize = 1000;
/// The largest number of refresh tokens kept for one family. The provider
/// treats a token dropped for this limit as unknown: its reuse does not revoke
/// the family.
const MAX_REFRESH_TOKENS: usize = 256;

/// The token families.
#[derive(Default)]
pub(crate) struct Families {
    pub(super) by_number: BTreeMap<u64, Family>,
    pub(super) last_number: u64,
    /// An index of all tokens in `by_number`.
    by_token: HashMap<Digest, u64>,
}

/// A token that a client or caller presented, with its family.
pub(crate) enum FoundToken<'a> {
    Access(&'a Family, &'a AccessToken),
    Refresh(&'a Family, &'a RefreshToken),
}

impl Families {
    /// Restores families from the state file.
    pub(super) fn from_stored(by_number: BTreeMap<u64, Family>, last_number: u64) -> Self {
        let tokens = by_number.values().flat_map(|family| {
            let digests = family.digests();
            digests.map(|digest| (digest, family.number))
        });
        Self {
            by_token: tokens.collect(),
            by_number,
            last_number,
        }
    }

    pub(crate) fn get(&self, number: u64) -> Option<&Family> {
        self.by_number.get(&number)
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Family> {
        self.by_number.values()
    }

    /// Returns the family of `token`, whether or not the token is still valid.
    pub(crate) fn of_token(&self, token: &str) -> Option<&Family> {
        self.get(*self.by_token.get(&Digest::of(token))?)
    }

    /// Finds `token`, whether or not it is still valid.
    pub(crate) fn find_token(&self, token: &str) -> Option<FoundToken<'_>> {
        let family = self.of_token(token)?;
        let digest = Digest::of(token);
        let access = family.access_token(&digest);
        let refresh = family.refresh_token(&digest);
        access
            .map(|token| FoundToken::Access(family, token))
            .or_else(|| refresh.map(|token| FoundToken::Refresh(family, token)))
    }

    pub(super) fn next_number(&mut self) -> u64 {
        self.last_number += 1;
        self.last_number
    }

    /// Stores `family` in place of its earlier version, without the oldest
    /// tokens above the limits.
    pub(super) fn store(&mut self, mut family: Family) {
        let excess = |count: usize, max: usize| count.saturating_sub(max);
        let access = excess(family.access_tokens.len(), MAX_ACCESS_TOKENS);
        let refresh = excess(family.refresh_tokens.len(), MAX_REFRESH_TOKENS);
        let access = family.access_tokens.drain(..access).map(|t| t.digest);
        let refresh = family.refresh_tokens.drain(..refresh).map(|t| t.digest);
        for dropped in access.chain(refresh) {
            self.by_token.remove(&dropped);
        }
        for digest in family.digests() {
            self.by_token.insert(digest, family.number);
        }
        self.by_number.insert(family.number, family);
    }

    pub(super) fn remove(&mut self, number: u64) {
        if let Some(family) = self.by_number.remove(&number) {
            for digest in family.digests() {
                self.by_token.remove(&digest);
            }
        }
    }

    /// Revokes every token of a family.
    pub(crate) fn revoke(&mut self, number: u64, cause: RevocationCause, now: UnixTime) {
        if let Some(family) = self.by_number.get_mut(&number) {
            family.revoke(cause, now);
        }
    }

    /// Revokes all active families for which `condition` holds. Returns their
    /// numbers and clients.
    pub(crate) fn revoke_where(
        &mut self,
        condition: impl Fn(&Family) -> bool,
        cause: RevocationCause,
        now: UnixTime,
    ) -> Vec<(u64, String)> {
        self.by_number
            .values_mut()
            .filter(|family| family.revoked.is_none() && condition(family))
            .map(|family| {
                family.revoke(cause, now);
                (family.number, family.client.clone())
            })
            .collect()
    }

    /// Removes access tokens that expired longer than `retention` ago.
    pub(super) fn remove_expired_access_tokens(&mut self, retention: Duration, now: UnixTime) {
        for family in self.by_number.values_mut() {
            let by_token = &mut self.by_token;
            family.access_tokens.retain(|token| {
                let kept = now < token.expires_at.plus(retention);
                if !kept {
                    by_token.remove(&token.digest);
                }
                kept
            });
        }
    }

    /// Returns the families that ended longer than `retention` ago. `lifetime`
    /// is the lifetime of refresh tokens by client.
    pub(super) fn ended(
        &self,
        lifetime: impl Fn(&str) -> RefreshLifetime,
        retention: Duration,
        now: UnixTime,
    ) -> Vec<u64> {
        self.by_number
            .values()
            .filter(|family| has_ended(family, lifetime(&family.client), retention, now))
            .map(|family| family.number)
            .collect()
    }
}

fn has_ended(
    family: &Family,
    lifetime: RefreshLifetime,
    retention: Duration,
    now: UnixTime,
) -> bool {
    if let Some(revoked) = family.revoked {
        return now >= revoked.at.plus(retention);
    }
    let refreshable = family.refresh_tokens.last().is_some_and(|token| {
        let expiry = refresh_token_expiry(family, token, lifetime);
        expiry.is_none_or(|expiry| now < expiry.plus(retention))
    });
    !refreshable && family.access_tokens.is_empty()
}
