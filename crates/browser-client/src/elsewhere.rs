//! No browser: a page rendered on a server has a client too, and asks nothing
//! of it.

use crate::{Area, Error, Kind, Platform, PublicKey, Reading, Request, Response, TransportError};
use std::future::Future;

/// The browser that this page is in; here there is none, and everything fails
/// with [`Kind::BrowserLacks`].
#[derive(Clone, Copy, Debug)]
pub struct Browser;

fn none() -> Error {
    Error::new(Kind::BrowserLacks, "There is no browser here.")
}

impl Platform for Browser {
    fn reading(&self) -> Reading {
        Reading { wall: 0, steady: 0 }
    }

    fn random(&self) -> Result<[u8; 32], Error> {
        Err(none())
    }

    fn spawn(&self, _: impl Future<Output = ()> + 'static) {}

    async fn sleep(&self, _: u32) {}

    async fn fetch(&self, _: &Request, _: u32) -> Result<Response, TransportError> {
        Err(TransportError::Failed)
    }

    fn read(&self, _: Area, _: &str) -> Result<Option<String>, Error> {
        Err(none())
    }

    fn write(&self, _: Area, _: &str, _: &str) -> Result<(), Error> {
        Err(none())
    }

    fn remove(&self, _: Area, _: &str) {}

    async fn in_worker(
        &self,
        _: &str,
        _: &str,
        _: Option<Option<&str>>,
    ) -> Result<Option<String>, Error> {
        Err(none())
    }

    async fn line(&self, _: &str) -> Result<Option<String>, Error> {
        Err(none())
    }

    async fn swap_line(&self, _: &str, _: Option<&str>, _: &str) -> Result<bool, Error> {
        Err(none())
    }

    fn tell_tabs(&self, _: &str, _: &str) {}

    fn hear_tabs(&self, _: &str, _: impl Fn(String) + 'static) {}

    async fn ask_service_worker(&self, _: &str, _: &str) -> Result<String, Error> {
        Err(none())
    }

    fn has_locks(&self) -> bool {
        true
    }

    async fn exclusively<T: 'static>(
        &self,
        _: &str,
        _: bool,
        _: impl Future<Output = T> + 'static,
    ) -> Option<T> {
        None
    }

    async fn key(&self, _: &str) -> Result<PublicKey, Error> {
        Err(none())
    }

    async fn sign(&self, _: &str, _: &str) -> Result<Vec<u8>, Error> {
        Err(none())
    }
}
