//! The page's side of the service worker: registering, waking, asking.

use super::{Browser, post::post, reflect, trusted_types, window};
use crate::{Error, Kind, Platform};
use std::{cell::RefCell, collections::HashMap};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{ServiceWorker, ServiceWorkerContainer, ServiceWorkerRegistration};

/// How long the worker has for an answer, in milliseconds: it may ask the
/// provider twice.
const LIMIT: u32 = 25_000;
/// How often one looks whether the worker is active or has this page, and how
/// long one waits in between, in milliseconds.
const LOOKS: u32 = 200;
const PAUSE: u32 = 50;

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
        // After a reload that went around it, or in the page that registered
        // it, it has to be told to look after this page too.
        tell(&worker, r#"{"op":"claim"}"#).await?;
        for _ in 0..LOOKS {
            if container.controller().is_some() {
                break;
            }
            Browser.sleep(PAUSE).await;
        }
    }
    tell(&worker, message).await
}

async fn tell(worker: &ServiceWorker, message: &str) -> Result<String, Error> {
    let message = JsValue::from_str(message);
    let answer = post(LIMIT, &message, |message, ports| {
        worker.post_message_with_transferable(message, ports)
    });
    let answer = answer.await.and_then(|answer| answer.as_string());
    answer.ok_or_else(|| unavailable("The service worker does not answer."))
}

fn container() -> Result<ServiceWorkerContainer, Error> {
    // Missing outside secure contexts and in some private windows.
    reflect::get(&window()?.navigator(), "serviceWorker")
        .map(JsCast::unchecked_into)
        .ok_or_else(|| unavailable("This browser does not offer service workers here."))
}

async fn register(
    container: &ServiceWorkerContainer,
    script: &str,
) -> Result<ServiceWorkerRegistration, Error> {
    if let Some(known) = REGISTERED.with_borrow(|all| all.get(script).cloned()) {
        return Ok(known);
    }
    let registering = trusted_types::register(container, script)
        .map_err(|_| unavailable("The service worker could not be registered."))?;
    let registered = JsFuture::from(registering).await;
    let registration: ServiceWorkerRegistration = registered
        .and_then(JsCast::dyn_into)
        .map_err(|_| unavailable("The service worker could not be registered."))?;
    REGISTERED.with_borrow_mut(|all| all.insert(script.to_owned(), registration.clone()));
    Ok(registration)
}

/// The worker in charge. A newer version that waits is not asked.
async fn active(registration: &ServiceWorkerRegistration) -> Result<ServiceWorker, Error> {
    for _ in 0..LOOKS {
        if let Some(worker) = registration.active() {
            return Ok(worker);
        }
        Browser.sleep(PAUSE).await;
    }
    Err(unavailable("The service worker did not start."))
}

fn unavailable(message: &str) -> Error {
    Error::new(Kind::WorkerUnavailable, message)
}
