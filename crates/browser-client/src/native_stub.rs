//! Stands in for the browser where there is none: a page that is rendered on a
//! server can have the client in it, and every operation fails.

use crate::{
    Error, ErrorKind, Platform, PublicKey, Request, Response, StorageArea, Timestamps,
    TransportError, WorkerCommand,
};
use std::future::Future;

/// The browser that contains this page. Natively there is none.
#[derive(Clone, Copy, Debug)]
pub struct Browser;

fn no_browser() -> Error {
    Error::new(ErrorKind::BrowserLacks, "There is no browser here.")
}

impl Platform for Browser {
    fn now(&self) -> Timestamps {
        Timestamps { wall: 0, steady: 0 }
    }

    fn random(&self) -> Result<[u8; 32], Error> {
        Err(no_browser())
    }

    fn spawn(&self, _: impl Future<Output = ()> + 'static) {}

    async fn sleep(&self, _: u32) {}

    async fn fetch(&self, _: &Request, _: u32) -> Result<Response, TransportError> {
        Err(TransportError::Failed)
    }

    fn read(&self, _: StorageArea, _: &str) -> Result<Option<String>, Error> {
        Err(no_browser())
    }

    fn write(&self, _: StorageArea, _: &str, _: &str) -> Result<(), Error> {
        Err(no_browser())
    }

    fn remove(&self, _: StorageArea, _: &str) {}

    async fn in_worker(
        &self,
        _: &str,
        _: &str,
        _: WorkerCommand<'_>,
    ) -> Result<Option<String>, Error> {
        Err(no_browser())
    }

    async fn read_entry(&self, _: &str) -> Result<Option<String>, Error> {
        Err(no_browser())
    }

    async fn write_entry(&self, _: &str, _: &str) -> Result<(), Error> {
        Err(no_browser())
    }

    fn broadcast(&self, _: &str, _: &str) {}

    fn on_broadcast(&self, _: &str, _: impl Fn(String) + 'static) {}

    async fn ask_service_worker(&self, _: &str, _: &str) -> Result<String, Error> {
        Err(no_browser())
    }

    async fn with_lock<T: 'static>(
        &self,
        _: &str,
        _: bool,
        _: impl Future<Output = T> + 'static,
    ) -> Result<Option<T>, Error> {
        Err(no_browser())
    }

    async fn public_key(&self, _: &str) -> Result<PublicKey, Error> {
        Err(no_browser())
    }

    async fn sign(&self, _: &str, _: &str) -> Result<Vec<u8>, Error> {
        Err(no_browser())
    }
}
