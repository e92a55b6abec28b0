//! Sessions: who is signed in at the provider, in which browser.

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::Records;
use crate::{
    clock::UnixTime,
    digest::Digest,
    randomness::{Randomness, random_token},
};

/// The most sessions there may be. The oldest make room.
const MAX_SESSIONS: usize = 1000;

/// One person signed in, in one browser.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Session {
    pub(crate) subject: String,
    /// Which it is; a person who enters the password again goes on with it.
    #[serde(default)]
    pub(crate) number: u64,
    /// When the person entered the password.
    pub(crate) auth_time: UnixTime,
    pub(crate) expires_at: UnixTime,
}

impl Records {
    /// The live session that a cookie's `value` stands for.
    pub(crate) fn session(&self, value: &str, now: UnixTime) -> Option<&Session> {
        let session = self.sessions.get(&Digest::of(value))?;
        (now < session.expires_at).then_some(session)
    }

    /// Starts a session and returns the value for its cookie: a new one at
    /// each sign-in, so that a value planted before it is worth nothing.
    /// `before` is the session that the browser had until now.
    pub(crate) fn start_session(
        &mut self,
        subject: &str,
        before: Option<&Session>,
        lifetime: Duration,
        now: UnixTime,
        randomness: &dyn Randomness,
    ) -> String {
        if self.sessions.len() >= MAX_SESSIONS {
            let oldest = self.sessions.iter().min_by_key(|(_, s)| s.expires_at);
            let oldest = oldest.map(|(digest, _)| *digest);
            oldest.map(|digest| self.sessions.remove(&digest));
        }
        let before = before.filter(|before| before.subject == subject);
        let number = before.map_or_else(|| self.next_session(), |before| before.number);
        let value = random_token(randomness, "msession_");
        let session = Session {
            subject: subject.to_owned(),
            number,
            auth_time: now,
            expires_at: now.plus(lifetime),
        };
        self.sessions.insert(Digest::of(&value), session);
        value
    }

    /// Ends the session that a cookie's `value` stands for, and returns it.
    pub(crate) fn end_session(&mut self, value: &str) -> Option<Session> {
        self.sessions.remove(&Digest::of(value))
    }

    /// Ends every session of a person, and returns them.
    pub(crate) fn end_sessions_of(&mut self, subject: &str) -> Vec<Session> {
        let own = |_: &Digest, session: &mut Session| session.subject == subject;
        self.sessions
            .extract_if(own)
            .map(|(_, ended)| ended)
            .collect()
    }

    fn next_session(&mut self) -> u64 {
        self.last_session += 1;
        self.last_session
    }
}
