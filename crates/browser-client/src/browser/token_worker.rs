//! The page's side of `TOKEN_WORKER`.

use super::{lacks, post::post, reflect};
use crate::Error;
use std::{cell::RefCell, collections::HashMap};
use wasm_bindgen::JsValue;
use web_sys::Worker;

/// How long the worker has for an answer, in milliseconds: its script may have
/// to be fetched first.
const LIMIT: u32 = 10_000;

thread_local! {
    /// The workers of this page by script; they live as long as it does.
    static WORKERS: RefCell<HashMap<String, Worker>> = RefCell::default();
}

pub(super) async fn ask(
    script: &str,
    key: &str,
    change: Option<Option<&str>>,
) -> Result<Option<String>, Error> {
    let gone = || lacks("a web worker");
    let worker = worker(script).map_err(|_| gone())?;
    let (verb, text) = match change {
        None => ("read", None),
        Some(Some(text)) => ("store", Some(text)),
        Some(None) => ("remove", None),
    };
    let message = reflect::object(&[
        ("key", key.into()),
        ("change", verb.into()),
        ("text", text.map_or(JsValue::NULL, JsValue::from_str)),
    ]);
    let answer = post(LIMIT, &message, |message, ports| {
        worker.post_message_with_transfer(message, ports)
    });
    let answer = answer.await.ok_or_else(gone);
    if answer.is_err() {
        // It may never have started: the next one starts it afresh.
        WORKERS.with_borrow_mut(|all| all.remove(script));
    }
    Ok(answer?.as_string())
}

fn worker(script: &str) -> Result<Worker, JsValue> {
    if let Some(known) = WORKERS.with_borrow(|all| all.get(script).cloned()) {
        return Ok(known);
    }
    let worker = Worker::new(script)?;
    WORKERS.with_borrow_mut(|all| all.insert(script.to_owned(), worker.clone()));
    Ok(worker)
}
