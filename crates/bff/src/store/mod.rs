//! Where sessions and grants are kept: the trait [`Store`], and its
//! implementation over SQLite and Postgres.
//!
//! - [`open()`]: opens a store; `address`: its URL
//! - `sqlite`, `postgres`: connections to each
//! - `database`: what both have in common
//! - `sql`, `grants`: the statements
//! - `cipher`: encryption with the keys of the key file; `row_cipher`: of rows
//! - `cached`: rows that were read less than a second ago
//! - `grant_store`: the part of the trait that the refresh engine uses

mod address;
mod cached;
mod cipher;
mod database;
mod grant_store;
mod grants;
mod open;
mod postgres;
mod row_cipher;
mod sql;
mod sqlite;

pub use crate::{
    digest::Digest,
    grant::{
        CachedToken, Grant, GrantId, GrantStatus, Lease, PendingRefresh, TokenRequirement, Tokens,
    },
    login::{PendingLogin, Renewal},
    session::SessionRecord,
};
pub use address::{BadUrl, StoreUrl};
pub(crate) use cached::CachedStore;
pub use cipher::{DecryptError, KeyError, TokenCipher, keygen};
pub use confidant_protocol::TokenResponse;
pub use grant_store::{GrantStore, StoreError};
pub use open::{OpenError, open};
use sql::SqlStore;

use async_trait::async_trait;
use confidant_wire::UnixMillis;

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

    /// Deletes the sign-ins that were begun in this browser.
    async fn delete_logins(&self, binding: &Digest) -> Result<(), StoreError>;

    /// Starts a session on a new grant, both or neither.
    async fn begin_session(&self, session: &SessionRecord, grant: &Grant)
    -> Result<(), StoreError>;

    /// Starts a session on a new grant and ends `old`, all or nothing. Returns
    /// false, and changes nothing, if `old` has ended already.
    async fn renew_session(
        &self,
        old: &SessionRecord,
        session: &SessionRecord,
        grant: &Grant,
    ) -> Result<bool, StoreError>;

    /// The session with this digest, however old it is.
    async fn find_session(&self, digest: &Digest) -> Result<Option<SessionRecord>, StoreError>;

    /// Notes that the session was used.
    async fn touch_session(&self, session: &SessionRecord) -> Result<(), StoreError>;

    /// Deletes the session and its grant.
    async fn end_session(&self, session: &SessionRecord) -> Result<(), StoreError>;

    /// Deletes what has run out, and says how many sessions that were.
    async fn sweep(&self, now: UnixMillis) -> Result<u64, StoreError>;

    /// How many sessions there are.
    async fn count_sessions(&self) -> Result<u64, StoreError>;
}
