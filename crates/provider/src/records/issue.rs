//! Issuing tokens: the only place where token strings are made.

use std::time::Duration;

use super::{
    Records,
    code::Code,
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
const MOST_FAMILIES: usize = 100;
/// Access tokens kept for one family. The oldest makes room.
const MOST_ACCESS_TOKENS: usize = 1000;
/// Refresh tokens kept for one family. A replay of one that was dropped is
/// refused as unknown, without revoking the family.
const MOST_REFRESH_TOKENS: usize = 256;

/// The strings of tokens just made. They leave in the answer and are kept
/// nowhere.
pub(crate) struct Issued {
    pub(crate) access_token: String,
    pub(crate) refresh_token: Option<String>,
}

/// Tokens just made, with the family they joined.
pub(crate) struct Granted {
    pub(crate) family: Family,
    pub(crate) issued: Issued,
    pub(crate) scope: Scope,
}

/// What issuing needs from outside.
pub(crate) struct Issuer<'a> {
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
    pub(crate) fn redeem(&mut self, code: Digest, grant: &Code, issuer: &Issuer<'_>) -> Granted {
        self.make_room(&grant.subject, &grant.client);
        self.last_family += 1;
        let mut family = Family {
            number: self.last_family,
            client: grant.client.clone(),
            subject: grant.subject.clone(),
            scope: grant.scope.clone(),
            auth_time: grant.auth_time,
            session: grant.session,
            started_at: issuer.now,
            last_used_at: issuer.now,
            revoked: None,
            refresh_tokens: Vec::new(),
            access_tokens: Vec::new(),
        };
        let issued = Issued {
            access_token: issuer.access_token(&mut family, grant.scope.clone()),
            refresh_token: grant
                .offline
                .then(|| issuer.refresh_token(&mut family, None)),
        };
        if let Some(code) = self.codes.get_mut(&code) {
            code.redeemed_for = Some(family.number);
        }
        self.keep(family.clone());
        Granted {
            family,
            issued,
            scope: grant.scope.clone(),
        }
    }

    /// Carries out a refresh that was granted to the holder of `presented`.
    pub(crate) fn renew(
        &mut self,
        number: u64,
        presented: &str,
        decided: &TokensToIssue,
        issuer: &Issuer<'_>,
    ) -> Option<Granted> {
        let mut family = self.families.get(&number)?.clone();
        family.last_used_at = issuer.now;
        if decided.old_access_token == OldAccessToken::Revoked {
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
            decided.refresh_token,
            NextRefreshToken::Random | NextRefreshToken::Derived
        );
        if gives_new {
            used.rotated_at.get_or_insert(issuer.now);
        }
        let derived = || successor(issuer.successor_key, presented);
        let refresh_token = match decided.refresh_token {
            NextRefreshToken::Omitted => None,
            NextRefreshToken::Presented => Some(presented.to_owned()),
            NextRefreshToken::DerivedAgain => Some(derived()),
            NextRefreshToken::Derived => {
                let value = derived();
                issuer.add_refresh_token(&mut family, &value, Some(parent));
                Some(value)
            }
            NextRefreshToken::Random => Some(issuer.refresh_token(&mut family, Some(parent))),
        };
        let issued = Issued {
            access_token: issuer.access_token(&mut family, decided.scope.clone()),
            refresh_token,
        };
        self.keep(family.clone());
        Some(Granted {
            family,
            issued,
            scope: decided.scope.clone(),
        })
    }

    /// Stores `family` within its bounds, and finds it by its tokens.
    fn keep(&mut self, mut family: Family) {
        let spare = |len: usize, most: usize| len.saturating_sub(most);
        let access = spare(family.access_tokens.len(), MOST_ACCESS_TOKENS);
        let refresh = spare(family.refresh_tokens.len(), MOST_REFRESH_TOKENS);
        let access = family.access_tokens.drain(..access).map(|t| t.digest);
        let refresh = family.refresh_tokens.drain(..refresh).map(|t| t.digest);
        for dropped in access.chain(refresh) {
            self.owners.remove(&dropped);
        }
        for digest in family.digests() {
            self.owners.insert(digest, family.number);
        }
        self.families.insert(family.number, family);
    }

    fn make_room(&mut self, subject: &str, client: &str) {
        let own = |family: &&Family| family.subject == subject && family.client == client;
        let numbers: Vec<u64> = self
            .families
            .values()
            .filter(own)
            .map(|family| family.number)
            .collect();
        let spare = (numbers.len() + 1).saturating_sub(MOST_FAMILIES);
        for number in &numbers[..spare] {
            self.forget(*number);
        }
    }

    /// Forgets a family, its tokens and the code that started it.
    pub(super) fn forget(&mut self, number: u64) {
        if let Some(family) = self.families.remove(&number) {
            for digest in family.digests() {
                self.owners.remove(&digest);
            }
            self.codes
                .retain(|_, code| code.redeemed_for != Some(number));
        }
    }
}

impl Issuer<'_> {
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
