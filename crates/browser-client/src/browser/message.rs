//! Messages to workers, and their replies.

use super::timer;
use futures_channel::oneshot;
use js_sys::Array;
use std::{cell::Cell, rc::Rc};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::spawn_local;
use web_sys::{MessageChannel, MessageEvent};

/// Posts a message with a port for the reply, and waits for the reply for at
/// most `limit` milliseconds.
pub(super) async fn ask(
    limit: u32,
    message: &JsValue,
    post: impl FnOnce(&JsValue, &Array) -> Result<(), JsValue>,
) -> Option<JsValue> {
    let channel = MessageChannel::new().ok()?;
    let (sender, reply) = oneshot::channel();
    let waiting = Rc::new(Cell::new(Some(sender)));
    let expiring = waiting.clone();
    let listener = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
        if let Some(sender) = waiting.take() {
            // The receiver may have been dropped.
            let _ = sender.send(event.data());
        }
    });
    let port = channel.port1();
    port.set_onmessage(Some(listener.as_ref().unchecked_ref()));
    post(message, &Array::of1(&channel.port2())).ok()?;
    spawn_local(async move {
        timer::sleep(limit).await;
        // A dropped sender ends the wait without a reply.
        expiring.take();
    });
    let reply = reply.await.ok();
    port.close();
    reply
}
