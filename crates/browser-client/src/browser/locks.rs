//! Web Locks. The browser releases a lock when its tab closes or crashes, so a
//! dead tab blocks no other.

use super::{
    reflect,
    window::{lacks, window},
};
use crate::Error;
use futures_channel::oneshot;
use std::future::Future;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::AbortSignal;

/// How long to wait for a lock, in milliseconds: longer than a refresh that is
/// sent twice.
const LOCK_TIMEOUT: u32 = 25_000;

/// Runs `work` while it holds the lock. The browser holds the lock until the
/// promise of `work` settles, even if the returned future is dropped.
pub(super) async fn with_lock<T: 'static>(
    name: &str,
    wait: bool,
    work: impl Future<Output = T> + 'static,
) -> Result<Option<T>, Error> {
    // Missing in old browsers and outside secure contexts.
    let manager = reflect::get(&window()?.navigator(), "locks").ok_or_else(no_locks)?;
    let request = reflect::method(&manager, "request").ok_or_else(no_locks)?;
    let (sender, receiver) = oneshot::channel();
    let granted = Closure::once_into_js(move |lock: JsValue| -> JsValue {
        if lock.is_null() {
            // Another tab holds it; the dropped sender says so.
            return JsValue::UNDEFINED;
        }
        future_to_promise(async move {
            // The receiver may have been dropped.
            let _ = sender.send(work.await);
            Ok(JsValue::UNDEFINED)
        })
        .into()
    });
    let options = if wait {
        let signal = AbortSignal::timeout_with_u32(LOCK_TIMEOUT);
        reflect::object(&[("signal", signal.into())])
    } else {
        reflect::object(&[("ifAvailable", JsValue::TRUE)])
    };
    let promise = request
        .call3(&manager, &name.into(), &options, &granted)
        .and_then(JsCast::dyn_into::<js_sys::Promise>)
        .map_err(|_| no_locks())?;
    // It is rejected, without a call of the closure, if the wait was too long.
    if JsFuture::from(promise).await.is_err() {
        return Ok(None);
    }
    Ok(receiver.await.ok())
}

fn no_locks() -> Error {
    lacks("locks that its tabs share (Web Locks)")
}
