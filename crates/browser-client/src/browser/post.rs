//! Messages that are answered.

use super::Browser;
use crate::Platform;
use futures_channel::oneshot;
use js_sys::Array;
use std::{cell::Cell, rc::Rc};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{MessageChannel, MessageEvent};

/// Posts a message with a port to answer on, and waits for the answer for so
/// many milliseconds.
pub(super) async fn post(
    limit: u32,
    message: &JsValue,
    send: impl FnOnce(&JsValue, &Array) -> Result<(), JsValue>,
) -> Option<JsValue> {
    let channel = MessageChannel::new().ok()?;
    let (answered, answer) = oneshot::channel();
    let waiting = Rc::new(Cell::new(Some(answered)));
    let late = waiting.clone();
    let listener = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        if let Some(waiting) = waiting.take() {
            // Nobody may be waiting any more.
            let _ = waiting.send(event.data());
        }
    });
    let port = channel.port1();
    port.set_onmessage(Some(listener.as_ref().unchecked_ref()));
    send(message, &Array::of1(&channel.port2())).ok()?;
    Browser.spawn(async move {
        Browser.sleep(limit).await;
        // Dropped, it tells that nobody answered.
        late.take();
    });
    let answer = answer.await.ok();
    port.close();
    answer
}
