//! The browser: thin effects, no decisions.

mod broadcast;
mod database;
mod fetch;
mod locks;
mod message;
mod reflect;
mod service_worker;
mod signing_key;
mod storage;
mod timer;
mod token_worker;
mod trusted_types;
mod window;

use crate::{
    Error, Platform, PublicKey, Request, Response, StorageArea, Timestamps, TransportError,
    WorkerCommand,
};
use std::future::Future;
use wasm_bindgen_futures::spawn_local;
use window::{lacks, window};

/// The browser that contains this page.
#[derive(Clone, Copy, Debug)]
pub struct Browser;

fn no_database() -> Error {
    lacks("a database that its tabs share (IndexedDB)")
}

impl Platform for Browser {
    fn now(&self) -> Timestamps {
        let performance = window().ok().and_then(|window| window.performance());
        Timestamps {
            wall: js_sys::Date::now() as u64,
            steady: performance.map_or(0, |performance| performance.now() as u64),
        }
    }

    fn random(&self) -> Result<[u8; 32], Error> {
        let mut bytes = [0; 32];
        window()?
            .crypto()
            .and_then(|crypto| crypto.get_random_values_with_u8_array(&mut bytes))
            .map_err(|_| lacks("randomness"))?;
        Ok(bytes)
    }

    fn spawn(&self, task: impl Future<Output = ()> + 'static) {
        spawn_local(task);
    }

    async fn sleep(&self, milliseconds: u32) {
        timer::sleep(milliseconds).await;
    }

    async fn fetch(&self, request: &Request, limit: u32) -> Result<Response, TransportError> {
        fetch::fetch(request, limit).await
    }

    fn read(&self, area: StorageArea, key: &str) -> Result<Option<String>, Error> {
        storage::read(area, key)
    }

    fn write(&self, area: StorageArea, key: &str, text: &str) -> Result<(), Error> {
        storage::write(area, key, text)
    }

    fn remove(&self, area: StorageArea, key: &str) {
        storage::remove(area, key);
    }

    async fn in_worker(
        &self,
        script: &str,
        key: &str,
        command: WorkerCommand<'_>,
    ) -> Result<Option<String>, Error> {
        token_worker::run(script, key, command).await
    }

    async fn read_entry(&self, key: &str) -> Result<Option<String>, Error> {
        database::read_entry(key).await.ok_or_else(no_database)
    }

    async fn write_entry(&self, key: &str, text: &str) -> Result<(), Error> {
        database::write_entry(key, text)
            .await
            .ok_or_else(no_database)
    }

    fn broadcast(&self, channel: &str, text: &str) {
        broadcast::send(channel, text);
    }

    fn on_broadcast(&self, channel: &str, receive: impl Fn(String) + 'static) {
        broadcast::listen(channel, receive);
    }

    async fn ask_service_worker(&self, script: &str, message: &str) -> Result<String, Error> {
        service_worker::ask(script, message).await
    }

    async fn with_lock<T: 'static>(
        &self,
        name: &str,
        wait: bool,
        work: impl Future<Output = T> + 'static,
    ) -> Result<Option<T>, Error> {
        locks::with_lock(name, wait, work).await
    }

    async fn public_key(&self, name: &str) -> Result<PublicKey, Error> {
        signing_key::public(name).await
    }

    async fn sign(&self, name: &str, input: &str) -> Result<Vec<u8>, Error> {
        signing_key::sign(name, input).await
    }
}
