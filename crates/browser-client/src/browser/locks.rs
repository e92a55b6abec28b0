//! Web Locks. The browser lets go of a lock when its tab closes or crashes, so
//! a dead tab blocks nobody.

use super::{reflect, window};
use futures_channel::oneshot;
use std::future::Future;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::{JsFuture, future_to_promise};
use web_sys::AbortSignal;

/// How long one waits for a lock, in milliseconds: longer than a flight, sent
/// twice, takes at most.
const PATIENCE: u32 = 25_000;

/// `navigator.locks`, which is missing in old browsers and outside secure
/// contexts.
pub(super) fn manager() -> Option<JsValue> {
    reflect::get(&window().ok()?.navigator(), "locks")
}

/// Runs `work` while holding the lock. The browser holds it until the promise
/// of `work` settles, whether or not anybody here waits for it still.
pub(super) async fn exclusively<T: 'static>(
    name: &str,
    wait: bool,
    work: impl Future<Output = T> + 'static,
) -> Option<T> {
    let manager = manager()?;
    let request = reflect::method(&manager, "request")?;
    let (send, receive) = oneshot::channel();
    let granted = Closure::once_into_js(move |lock: JsValue| -> JsValue {
        if lock.is_null() {
            // Somebody else has it; `send` is dropped and tells so.
            return JsValue::UNDEFINED;
        }
        future_to_promise(async move {
            // Nobody may be waiting any more.
            let _ = send.send(work.await);
            Ok(JsValue::UNDEFINED)
        })
        .into()
    });
    let options = match wait {
        true => {
            let signal = AbortSignal::timeout_with_u32(PATIENCE);
            reflect::object(&[("signal", signal.into())])
        }
        false => reflect::object(&[("ifAvailable", JsValue::TRUE)]),
    };
    let promise = request
        .call3(&manager, &name.into(), &options, &granted)
        .ok()?
        .dyn_into::<js_sys::Promise>()
        .ok()?;
    // Settles without the closure having run only if the wait was too long.
    JsFuture::from(promise).await.ok()?;
    receive.await.ok()
}
