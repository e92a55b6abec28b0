//! The page's side of the service worker: registration, activation, messages.

use super::{message, reflect, timer, trusted_types, window::window};
use crate::{Error, error::catalog::worker_unavailable};
use std::{cell::RefCell, collections::HashMap};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ServiceWorker, ServiceWorkerContainer, ServiceWorkerRegistration};

/// How long the worker has for a reply, in milliseconds: it may ask the
/// provider twice.
const REPLY_TIMEOUT: u32 = 25_000;
/// How often to look whether the worker is active or controls this page, and
/// how long to wait in between, in milliseconds.
const POLLS: u32 = 200;
const POLL_INTERVAL: u32 = 50;

thread_local! {
    /// The registrations of this page by script.
    static REGISTERED: RefCell<HashMap<String, ServiceWorkerRegistration>> = RefCell::default();
}

pub(super) async fn ask(script: &str, message: &str) -> Result<String, Error> {
    let container = container()?;
    let registration = register(&container, script).await?;
    let worker = active(&registration).await?;
    let here = window()?.location().href().unwrap_or_default();
    if container.controller().is_none() && here.starts_with(&registration.scope()) {
        // After a forced reload, or in the page that registered it, the worker
        // does not control the page until it claims it.
        send(&worker, r#"{"op":"claim"}"#).await?;
        for _ in 0..POLLS {
            if container.controller().is_some() {
                break;
            }
            timer::sleep(POLL_INTERVAL).await;
        }
    }
    send(&worker, message).await
}

async fn send(worker: &ServiceWorker, message: &str) -> Result<String, Error> {
    let message = JsValue::from_str(message);
    let reply = message::ask(REPLY_TIMEOUT, &message, |message, ports| {
        worker.post_message_with_transferable(message, ports)
    });
    let reply = reply.await.and_then(|reply| reply.as_string());
    reply.ok_or_else(|| worker_unavailable("The service worker does not answer."))
}

fn container() -> Result<ServiceWorkerContainer, Error> {
    // Missing outside secure contexts and in some private windows.
    reflect::get(&window()?.navigator(), "serviceWorker")
        .map(JsCast::unchecked_into)
        .ok_or_else(|| worker_unavailable("This browser does not offer service workers here."))
}

async fn register(
    container: &ServiceWorkerContainer,
    script: &str,
) -> Result<ServiceWorkerRegistration, Error> {
    if let Some(known) = REGISTERED.with_borrow(|all| all.get(script).cloned()) {
        return Ok(known);
    }
    let registering = trusted_types::register(container, script)
        .map_err(|_| worker_unavailable("The service worker could not be registered."))?;
    let registered = JsFuture::from(registering).await;
    let registration: ServiceWorkerRegistration = registered
        .and_then(JsCast::dyn_into)
        .map_err(|_| worker_unavailable("The service worker could not be registered."))?;
    REGISTERED.with_borrow_mut(|all| all.insert(script.to_owned(), registration.clone()));
    Ok(registration)
}

/// Waits for the active worker. A newer version that waits is not asked.
async fn active(registration: &ServiceWorkerRegistration) -> Result<ServiceWorker, Error> {
    for _ in 0..POLLS {
        if let Some(worker) = registration.active() {
            return Ok(worker);
        }
        timer::sleep(POLL_INTERVAL).await;
    }
    Err(worker_unavailable("The service worker did not start."))
}
