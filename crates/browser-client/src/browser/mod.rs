//! The browser: thin effects, no decisions.

mod channel;
mod database;
mod fetch;
mod key;
mod locks;
mod post;
mod reflect;
mod service_worker;
mod storage;
mod token_worker;
mod trusted_types;

use crate::{Area, Error, Kind, NoAnswer, Platform, PublicKey, Reading, Request, Response};
use js_sys::Promise;
use std::future::Future;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::Window;

/// The browser that this page is in.
#[derive(Clone, Copy, Debug)]
pub struct Browser;

/// The page's window.
fn window() -> Result<Window, Error> {
    web_sys::window().ok_or_else(|| lacks("a window"))
}

fn lacks(what: &str) -> Error {
    let message = format!("This browser does not offer {what} here.");
    Error::new(Kind::BrowserLacks, message)
}

fn no_database() -> Error {
    lacks("a database that its tabs share (IndexedDB)")
}

impl Platform for Browser {
    fn reading(&self) -> Reading {
        let performance = window().ok().and_then(|window| window.performance());
        Reading {
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
        let milliseconds = i32::try_from(milliseconds).unwrap_or(i32::MAX);
        let promise = Promise::new(&mut |resolve, _| {
            if let Ok(window) = window() {
                let set = window
                    .set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds);
                // Without timers nothing would wake us; one goes on at once.
                if set.is_err() {
                    let _ = resolve.call0(&resolve);
                }
            }
        });
        let _ = JsFuture::from(promise).await;
    }

    async fn fetch(&self, request: &Request, limit: u32) -> Result<Response, NoAnswer> {
        fetch::fetch(request, limit).await
    }

    fn read(&self, area: Area, key: &str) -> Result<Option<String>, Error> {
        storage::read(area, key)
    }

    fn write(&self, area: Area, key: &str, text: &str) -> Result<(), Error> {
        storage::write(area, key, text)
    }

    fn remove(&self, area: Area, key: &str) {
        storage::remove(area, key);
    }

    async fn in_worker(
        &self,
        script: &str,
        key: &str,
        change: Option<Option<&str>>,
    ) -> Result<Option<String>, Error> {
        token_worker::ask(script, key, change).await
    }

    async fn line(&self, key: &str) -> Result<Option<String>, Error> {
        database::line(key).await.ok_or_else(no_database)
    }

    async fn swap_line(
        &self,
        key: &str,
        expected: Option<&str>,
        text: &str,
    ) -> Result<bool, Error> {
        let swapped = database::swap_line(key, expected, text).await;
        swapped.ok_or_else(no_database)
    }

    fn tell_tabs(&self, channel: &str, text: &str) {
        channel::tell(channel, text);
    }

    fn hear_tabs(&self, channel: &str, hear: impl Fn(String) + 'static) {
        channel::hear(channel, hear);
    }

    async fn ask_service_worker(&self, script: &str, message: &str) -> Result<String, Error> {
        service_worker::ask(script, message).await
    }

    fn has_locks(&self) -> bool {
        locks::manager().is_some()
    }

    async fn exclusively<T: 'static>(
        &self,
        name: &str,
        wait: bool,
        work: impl Future<Output = T> + 'static,
    ) -> Option<T> {
        locks::exclusively(name, wait, work).await
    }

    async fn key(&self, name: &str) -> Result<PublicKey, Error> {
        key::public(name).await
    }

    async fn sign(&self, name: &str, input: &str) -> Result<Vec<u8>, Error> {
        key::sign(name, input).await
    }
}
