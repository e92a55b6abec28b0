//! The page's side of [`TOKEN_WORKER`](crate::TOKEN_WORKER).

use super::{message, reflect, window::lacks};
use crate::{Error, WorkerCommand};
use std::{cell::RefCell, collections::HashMap};
use wasm_bindgen::JsValue;
use web_sys::Worker;

/// How long the worker has for a reply, in milliseconds: the browser may have
/// to load its script first.
const REPLY_TIMEOUT: u32 = 10_000;

thread_local! {
    /// The workers of this page by script; they live as long as the page.
    static WORKERS: RefCell<HashMap<String, Worker>> = RefCell::default();
}

pub(super) async fn run(
    script: &str,
    key: &str,
    command: WorkerCommand<'_>,
) -> Result<Option<String>, Error> {
    let no_worker = || lacks("a web worker");
    let worker = worker(script).map_err(|_| no_worker())?;
    let (name, text) = match command {
        WorkerCommand::Read => ("read", JsValue::NULL),
        WorkerCommand::Store(text) => ("store", JsValue::from_str(text)),
        WorkerCommand::Remove => ("remove", JsValue::NULL),
    };
    let request = reflect::object(&[
        ("key", key.into()),
        ("command", name.into()),
        ("text", text),
    ]);
    let reply = message::ask(REPLY_TIMEOUT, &request, |request, ports| {
        worker.post_message_with_transfer(request, ports)
    });
    let reply = reply.await.ok_or_else(no_worker);
    if reply.is_err() {
        // It may never have started: the next command starts it again.
        WORKERS.with_borrow_mut(|all| all.remove(script));
    }
    Ok(reply?.as_string())
}

fn worker(script: &str) -> Result<Worker, JsValue> {
    if let Some(known) = WORKERS.with_borrow(|all| all.get(script).cloned()) {
        return Ok(known);
    }
    let worker = Worker::new(script)?;
    WORKERS.with_borrow_mut(|all| all.insert(script.to_owned(), worker.clone()));
    Ok(worker)
}
