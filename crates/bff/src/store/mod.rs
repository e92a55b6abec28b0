//! Where sign-ins, sessions and grants are kept.
//!
//! - [`sqlite`]: in one file, the default

pub mod sqlite;

pub use crate::refresh::{GrantStore, StoreError};
pub use sqlite::Sqlite;

use crate::{
    digest::Digest,
    grant::{Grant, GrantId},
    login::PendingLogin,
    session::Session,
};
use async_trait::async_trait;
use wire::UnixMillis;

/// Everything that outlives a process.
#[async_trait]
pub trait Store: GrantStore {
    /// Whether the database answers.
    async fn ping(&self) -> Result<(), StoreError>;

    /// Remembers a sign-in until it is taken or runs out.
    async fn save_login(
        &self,
        state: &Digest,
        binding: &Digest,
        login: &PendingLogin,
    ) -> Result<(), StoreError>;

    /// Takes the sign-in that was begun with this state in this browser: it
    /// is found once, and by no other browser.
    async fn take_login(
        &self,
        state: &Digest,
        binding: &Digest,
        now: UnixMillis,
    ) -> Result<Option<PendingLogin>, StoreError>;

    /// Starts a session on a new grant, both or neither.
    async fn begin_session(&self, session: &Session, grant: &Grant) -> Result<(), StoreError>;

    /// The session with this digest, however old it is.
    async fn find_session(&self, digest: &Digest) -> Result<Option<Session>, StoreError>;

    /// Notes that the session was used.
    async fn touch_session(&self, session: &Session) -> Result<(), StoreError>;

    /// Deletes the session and its grant.
    async fn end_session(&self, session: &Session) -> Result<(), StoreError>;

    /// Deletes what has run out.
    async fn sweep(&self, now: UnixMillis) -> Result<(), StoreError>;
}

/// The associated data of a sealed grant.
pub(crate) fn grant_row(id: &GrantId) -> String {
    format!("grant {}", id.0)
}
