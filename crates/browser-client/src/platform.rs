//! What the client needs from its surroundings: clocks, randomness, HTTP,
//! storage, locks, a signing key. A browser provides all of it; tests have a
//! model.

use crate::{
    Error,
    http::{Request, Response, TransportError},
    public_key::PublicKey,
};
use std::future::Future;

/// Two clocks, read together, both in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Timestamps {
    /// The time since 1970, which users and time servers set.
    pub wall: u64,
    /// The time since the page began, which cannot be set.
    pub steady: u64,
}

/// A storage with synchronous access.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StorageArea {
    /// The page's memory.
    Page,
    /// sessionStorage, which belongs to one tab.
    Tab,
    /// localStorage, which all tabs share.
    Shared,
}

/// An operation on the memory of a dedicated worker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WorkerCommand<'a> {
    /// Reads the text.
    Read,
    /// Replaces the text.
    Store(&'a str),
    /// Removes the text.
    Remove,
}

/// The surroundings of a client. [`Browser`](crate::Browser) implements it;
/// another implementation is needed only outside browsers.
#[allow(async_fn_in_trait, reason = "a page has one thread")]
pub trait Platform: Clone + 'static {
    /// Reads both clocks.
    fn now(&self) -> Timestamps;
    /// Returns 32 unpredictable bytes.
    ///
    /// # Errors
    /// If there is no WebCrypto.
    fn random(&self) -> Result<[u8; 32], Error>;
    /// Starts a task that runs by itself.
    fn spawn(&self, task: impl Future<Output = ()> + 'static);
    /// Waits.
    async fn sleep(&self, milliseconds: u32);
    /// Sends a request and reads the whole response, within `limit`
    /// milliseconds.
    async fn fetch(&self, request: &Request, limit: u32) -> Result<Response, TransportError>;

    /// Reads a stored text.
    ///
    /// # Errors
    /// If the browser blocks the storage.
    fn read(&self, area: StorageArea, key: &str) -> Result<Option<String>, Error>;
    /// Stores a text.
    ///
    /// # Errors
    /// If the storage is blocked or full.
    fn write(&self, area: StorageArea, key: &str, text: &str) -> Result<(), Error>;
    /// Removes a stored text.
    fn remove(&self, area: StorageArea, key: &str);
    /// Runs a command in the dedicated worker of this script, and returns the
    /// text that is stored there afterwards.
    ///
    /// # Errors
    /// If the worker cannot be started.
    async fn in_worker(
        &self,
        script: &str,
        key: &str,
        command: WorkerCommand<'_>,
    ) -> Result<Option<String>, Error>;

    /// Reads an entry of the database whose changes all tabs see at once.
    ///
    /// # Errors
    /// If the browser has no such database.
    async fn read_entry(&self, key: &str) -> Result<Option<String>, Error>;
    /// Writes an entry of that database.
    ///
    /// # Errors
    /// If the browser has no such database.
    async fn write_entry(&self, key: &str, text: &str) -> Result<(), Error>;

    /// Sends a text to the other pages of this origin that listen on the
    /// channel.
    fn broadcast(&self, channel: &str, text: &str);
    /// Calls `receive` with every text from other pages on the channel, for as
    /// long as the page lives.
    fn on_broadcast(&self, channel: &str, receive: impl Fn(String) + 'static);

    /// Sends a message to the service worker of this script, registers the
    /// worker first if necessary, and returns its reply. Both are JSON.
    ///
    /// # Errors
    /// If the worker cannot be registered or does not reply.
    async fn ask_service_worker(&self, script: &str, message: &str) -> Result<String, Error>;

    /// Runs `work` while it holds the lock of this name, which excludes all
    /// other tabs. Without `wait`, returns `None` if the lock is taken. The
    /// work runs to its end even if the returned future is dropped.
    ///
    /// # Errors
    /// If the browser has no Web Locks.
    async fn with_lock<T: 'static>(
        &self,
        name: &str,
        wait: bool,
        work: impl Future<Output = T> + 'static,
    ) -> Result<Option<T>, Error>;

    /// Returns the public half of the signing key of this name, and generates
    /// the key first if necessary.
    ///
    /// # Errors
    /// If the browser cannot store keys.
    async fn public_key(&self, name: &str) -> Result<PublicKey, Error>;
    /// Signs with that key (ES256) and returns the 64 bytes of the signature.
    ///
    /// # Errors
    /// If there is no such key.
    async fn sign(&self, name: &str, input: &str) -> Result<Vec<u8>, Error>;
}
