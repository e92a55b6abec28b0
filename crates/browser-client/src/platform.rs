//! What the client needs from the world around it: clocks, randomness, HTTP,
//! storage, locks, a key. A browser has all of that; tests have a model of it.

use crate::{
    Error,
    dpop::PublicKey,
    http::{Request, Response, TransportError},
};
use std::future::Future;

/// Two clocks read at once, both in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Reading {
    /// The time of day since 1970, which people and time servers set.
    pub wall: u64,
    /// Time since the page began, which nobody sets.
    pub steady: u64,
}

/// A storage that is read and written in one step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Area {
    /// The page's memory.
    Page,
    /// The tab's: sessionStorage.
    Tab,
    /// All tabs': localStorage.
    Shared,
}

/// The world around a client. Not for implementing outside this crate's tests
/// unless one really has another browser.
#[allow(async_fn_in_trait, reason = "a page has one thread")]
pub trait Platform: Clone + 'static {
    /// Reads both clocks.
    fn reading(&self) -> Reading;
    /// 32 bytes that nobody can guess.
    ///
    /// # Errors
    /// Without WebCrypto.
    fn random(&self) -> Result<[u8; 32], Error>;
    /// Lets a task run by itself.
    fn spawn(&self, task: impl Future<Output = ()> + 'static);
    /// Waits.
    async fn sleep(&self, milliseconds: u32);
    /// Sends a request and reads the whole answer, within `limit` milliseconds.
    async fn fetch(&self, request: &Request, limit: u32) -> Result<Response, TransportError>;

    /// Reads a stored text.
    ///
    /// # Errors
    /// Where the browser blocks the storage.
    fn read(&self, area: Area, key: &str) -> Result<Option<String>, Error>;
    /// Stores a text.
    ///
    /// # Errors
    /// Where the storage is blocked or full.
    fn write(&self, area: Area, key: &str, text: &str) -> Result<(), Error>;
    /// Removes a stored text.
    fn remove(&self, area: Area, key: &str);
    /// Reads, stores (`Some`) or removes (`None` inside) in the memory of a
    /// dedicated worker, and gives what is there afterwards.
    ///
    /// # Errors
    /// Where the worker cannot be had.
    async fn in_worker(
        &self,
        script: &str,
        key: &str,
        change: Option<Option<&str>>,
    ) -> Result<Option<String>, Error>;

    /// Reads a line of the database that all tabs see at once.
    ///
    /// # Errors
    /// Where the browser has none.
    async fn line(&self, key: &str) -> Result<Option<String>, Error>;
    /// Writes a line there if it still reads as `expected`, and says whether
    /// it did.
    ///
    /// # Errors
    /// Where the browser has none.
    async fn swap_line(&self, key: &str, expected: Option<&str>, text: &str)
    -> Result<bool, Error>;

    /// Says something to this page's duplicates, if there are any.
    fn tell_tabs(&self, channel: &str, text: &str);
    /// Hears what others say on that channel, for as long as the page lives.
    fn hear_tabs(&self, channel: &str, hear: impl Fn(String) + 'static);

    /// Asks the service worker of this script, which is registered if need be,
    /// and gives its answer. Both are JSON.
    ///
    /// # Errors
    /// Where it cannot be registered or does not answer.
    async fn ask_service_worker(&self, script: &str, message: &str) -> Result<String, Error>;

    /// Whether [`exclusively`](Self::exclusively) excludes other tabs: Web
    /// Locks are there.
    fn has_locks(&self) -> bool;
    /// Runs `work` while holding the lock of this name; with `wait` off only
    /// if it is free, and gives none if it is not. The work runs on even if
    /// nobody waits for it any more.
    async fn exclusively<T: 'static>(
        &self,
        name: &str,
        wait: bool,
        work: impl Future<Output = T> + 'static,
    ) -> Option<T>;

    /// The public half of the key of this name, which is made if need be.
    ///
    /// # Errors
    /// Where the browser cannot keep keys.
    async fn key(&self, name: &str) -> Result<PublicKey, Error>;
    /// Signs with that key: ES256, 64 bytes.
    ///
    /// # Errors
    /// Where the key cannot be had.
    async fn sign(&self, name: &str, input: &str) -> Result<Vec<u8>, Error>;
}
