//! What the provider remembers, all of it behind one lock.

mod cleanup;
pub(crate) mod code;
pub(crate) mod family;
mod issue;
pub(crate) mod session;
pub(crate) mod state_file;

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use crate::{clock::UnixTime, digest::Digest, oauth::scope::Scope};
use code::AuthorizationCode;
use family::{AccessToken, Family, RefreshToken, RevocationCause};
use session::Session;

pub(crate) use issue::{IssueContext, IssuedTokens};

/// Everything that survives a restart. Codes, sessions and tokens are found
/// by their digests; the strings themselves are nowhere.
#[derive(Default, Serialize, Deserialize)]
pub(crate) struct Records {
    pub(crate) codes: HashMap<Digest, AuthorizationCode>,
    pub(crate) sessions: HashMap<Digest, Session>,
    /// What each person has allowed each client: subject, client, scope.
    consents: BTreeMap<String, BTreeMap<String, Scope>>,
    pub(crate) families: BTreeMap<u64, Family>,
    last_family: u64,
    #[serde(default)]
    last_session: u64,
    /// Which family a token belongs to. Follows from `families`.
    #[serde(skip)]
    family_by_token: HashMap<Digest, u64>,
    #[serde(skip)]
    cleaned_at: Option<UnixTime>,
}

/// A token that was presented, with the family it belongs to.
pub(crate) enum FoundToken<'a> {
    Access(&'a Family, &'a AccessToken),
    Refresh(&'a Family, &'a RefreshToken),
}

impl Records {
    /// The family that `token` belongs to, whether or not it still lives.
    pub(crate) fn family_of(&self, token: &str) -> Option<&Family> {
        self.families
            .get(self.family_by_token.get(&Digest::of(token))?)
    }

    /// What `token` is, whether or not it still lives.
    pub(crate) fn find_token(&self, token: &str) -> Option<FoundToken<'_>> {
        let family = self.family_of(token)?;
        let digest = Digest::of(token);
        let access = family.access_token(&digest);
        let refresh = family.refresh_token(&digest);
        access
            .map(|token| FoundToken::Access(family, token))
            .or_else(|| refresh.map(|token| FoundToken::Refresh(family, token)))
    }

    /// Ends every token of a family.
    pub(crate) fn revoke_family(&mut self, family: u64, cause: RevocationCause, now: UnixTime) {
        if let Some(family) = self.families.get_mut(&family) {
            family.revoke(cause, now);
        }
    }

    /// Ends all living families that `matches` is true of, and says which
    /// those were: their numbers and clients.
    pub(crate) fn revoke_where(
        &mut self,
        matches: impl Fn(&Family) -> bool,
        cause: RevocationCause,
        now: UnixTime,
    ) -> Vec<(u64, String)> {
        let families = self.families.values_mut();
        families
            .filter(|family| family.revoked.is_none() && matches(family))
            .map(|family| {
                family.revoke(cause, now);
                (family.number, family.client.clone())
            })
            .collect()
    }

    /// What `subject` has allowed `client` so far.
    pub(crate) fn consent(&self, subject: &str, client: &str) -> Option<&Scope> {
        self.consents.get(subject)?.get(client)
    }

    /// Adds `scope` to what `subject` allows `client`.
    pub(crate) fn remember_consent(&mut self, subject: &str, client: &str, scope: &Scope) {
        let clients = self.consents.entry(subject.to_owned()).or_default();
        let allowed = clients.entry(client.to_owned()).or_default();
        *allowed = std::mem::take(allowed).union(scope);
    }

    /// Puts back what is not stored.
    fn index(&mut self) {
        for family in self.families.values() {
            for digest in family.digests() {
                self.family_by_token.insert(digest, family.number);
            }
        }
    }
}
