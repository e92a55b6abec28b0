//! Where sessions and grants are kept: the trait [`Store`], and its
//! implementation over SQLite and Postgres.
//!
//! - [`open()`]: opens a store; `address`: its URL; `open_error`: why not
//! - `sqlite`, `postgres`: connections to each
//! - `database`: what both have in common
//! - `sql`, `session_row`: logins and sessions; `grants`, `grant_row`: grants; `revocations`: the
//!   revocation queue; `ended_session`: how a session gets there
//! - `cipher`: encryption with the keys of the key file; `row_cipher`: of rows
//! - `cached`: rows that were read less than a second ago
//! - `grant_store`: the part of the trait that the refresh engine uses;
//!   `revocation_queue`: the part that the revocation of tokens uses

mod address;
mod cached;
mod cipher;
mod database;
mod ended_session;
mod grant_row;
mod grant_store;
mod grants;
mod open;
mod open_error;
mod postgres;
mod revocation_queue;
mod revocations;
mod row_cipher;
mod session_row;
mod sql;
mod sqlite;

pub use crate::{
    digest::Digest,
    grant::{
        CachedToken, Grant, GrantId, GrantStatus, Lease, PendingRefresh, TokenRequirement, Tokens,
    },
    login::{PendingLogin, Renewal},
    revocation::{QueuedRevocation, RevocationQueueLength, RevocationReason},
    session::SessionRecord,
};
pub use address::{BadUrl, StoreUrl};
pub(crate) use cached::CachedStore;
pub use cipher::{DecryptError, KeyError, TokenCipher, keygen};
pub use confidant_protocol::TokenResponse;
pub use grant_store::{GrantStore, StoreError};
pub use open::open;
pub use open_error::OpenError;
pub use revocation_queue::RevocationQueue;

use async_trait::async_trait;
use confidant_wire::UnixMillis;

/// The state that outlives a process: logins, sessions and grants.
#[async_trait]
pub trait Store: GrantStore + RevocationQueue {
    /// Checks that the database responds.
    async fn ping(&self) -> Result<(), StoreError>;

    /// Stores a pending login until it is taken or expires.
    async fn save_login(
        &self,
        state: &Digest,
        binding: &Digest,
        login: &PendingLogin,
    ) -> Result<(), StoreError>;

    /// Removes and returns the pending login that was started with this state in
    /// this browser: it is found once, and by no other browser.
    async fn take_login(
        &self,
        state: &Digest,
        binding: &Digest,
        now: UnixMillis,
    ) -> Result<Option<PendingLogin>, StoreError>;

    /// Deletes the pending logins that were started in this browser.
    async fn delete_logins(&self, binding: &Digest) -> Result<(), StoreError>;

    /// Stores a session and its new grant, both or neither.
    async fn begin_session(&self, session: &SessionRecord, grant: &Grant)
    -> Result<(), StoreError>;

    /// Stores a session and its new grant, deletes `old` and queues its tokens
    /// for revocation, all or nothing. Returns false, and changes nothing, if
    /// `old` has ended already.
    async fn replace_session(
        &self,
        old: &SessionRecord,
        reason: RevocationReason,
        session: &SessionRecord,
        grant: &Grant,
        now: UnixMillis,
    ) -> Result<bool, StoreError>;

    /// Returns the session with this digest, even if it has expired.
    async fn find_session(&self, digest: &Digest) -> Result<Option<SessionRecord>, StoreError>;

    /// Stores that the session was used.
    async fn touch_session(&self, session: &SessionRecord) -> Result<(), StoreError>;

    /// Deletes the session and its grant and queues its tokens for revocation,
    /// all or nothing. The background task attempts it from `due` on. Returns
    /// false if the session has ended already.
    async fn end_session(
        &self,
        session: &SessionRecord,
        reason: RevocationReason,
        now: UnixMillis,
        due: UnixMillis,
    ) -> Result<bool, StoreError>;

    /// Deletes everything that has expired, and queues the tokens of the sessions
    /// among it for revocation. Returns the number of these sessions.
    async fn sweep(&self, now: UnixMillis) -> Result<u64, StoreError>;

    /// Returns the number of sessions.
    async fn count_sessions(&self) -> Result<u64, StoreError>;
}
