//! The users' sessions at the provider.

use std::{collections::HashMap, time::Duration};

use serde::{Deserialize, Serialize};

use crate::{
    clock::UnixTime,
    digest::Digest,
    randomness::{Randomness, random_token},
};

/// The largest number of sessions. A new session evicts the oldest.
const MAX_SESSIONS: usize = 1000;

/// A user signed in, in one browser.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Session {
    pub(crate) subject: String,
    /// Identifies the session. It stays the same when the user enters the
    /// password again, although the cookie changes.
    #[serde(default)]
    pub(crate) number: u64,
    /// When the user entered the password.
    pub(crate) auth_time: UnixTime,
    pub(crate) expires_at: UnixTime,
}

/// Sessions by the digests of their cookies.
#[derive(Default)]
pub(crate) struct Sessions {
    pub(super) by_digest: HashMap<Digest, Session>,
    pub(super) last_number: u64,
}

impl Sessions {
    /// Returns the session of the cookie `value` unless it has expired.
    pub(crate) fn get(&self, value: &str, now: UnixTime) -> Option<&Session> {
        let session = self.by_digest.get(&Digest::of(value))?;
        (now < session.expires_at).then_some(session)
    }

    /// Starts a session and returns the value of its cookie, which is new at
    /// each sign-in to prevent session fixation. `previous` is the session
    /// that the browser had before.
    pub(crate) fn start(
        &mut self,
        subject: &str,
        previous: Option<&Session>,
        lifetime: Duration,
        now: UnixTime,
        randomness: &dyn Randomness,
    ) -> String {
        if self.by_digest.len() >= MAX_SESSIONS {
            let oldest = self.by_digest.iter().min_by_key(|(_, s)| s.expires_at);
            let oldest = oldest.map(|(digest, _)| *digest);
            if let Some(digest) = oldest {
                self.by_digest.remove(&digest);
            }
        }
        let continued = previous.filter(|previous| previous.subject == subject);
        let number = match continued {
            Some(previous) => previous.number,
            None => {
                self.last_number += 1;
                self.last_number
            }
        };
        let value = random_token(randomness, "msession_");
        let session = Session {
            subject: subject.to_owned(),
            number,
            auth_time: now,
            expires_at: now.plus(lifetime),
        };
        self.by_digest.insert(Digest::of(&value), session);
        value
    }

    /// Ends the session of the cookie `value` and returns it.
    pub(crate) fn end(&mut self, value: &str) -> Option<Session> {
        self.by_digest.remove(&Digest::of(value))
    }

    /// Ends all sessions of a user and returns them.
    pub(crate) fn end_all(&mut self, subject: &str) -> Vec<Session> {
        self.by_digest
            .extract_if(|_, session| session.subject == subject)
            .map(|(_, session)| session)
            .collect()
    }

    pub(super) fn remove_expired(&mut self, now: UnixTime) {
        self.by_digest.retain(|_, session| now < session.expires_at);
    }
}
