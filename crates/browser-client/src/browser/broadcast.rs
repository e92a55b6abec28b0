//! Messages between the pages of this origin (`BroadcastChannel`).

use std::{cell::RefCell, collections::HashMap};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{BroadcastChannel, MessageEvent};

thread_local! {
    /// The channels of this page by name. A page does not receive what it sends
    /// on the same channel object.
    static CHANNELS: RefCell<HashMap<String, BroadcastChannel>> = RefCell::default();
}

pub(super) fn send(name: &str, text: &str) {
    if let Some(channel) = channel(name) {
        // There may be no listener.
        let _ = channel.post_message(&JsValue::from_str(text));
    }
}

pub(super) fn listen(name: &str, receive: impl Fn(String) + 'static) {
    let Some(channel) = channel(name) else { return };
    let listener = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        if let Some(text) = event.data().as_string() {
            receive(text);
        }
    });
    channel.set_onmessage(Some(listener.as_ref().unchecked_ref()));
    // It listens for as long as the page lives.
    listener.forget();
}

fn channel(name: &str) -> Option<BroadcastChannel> {
    if let Some(known) = CHANNELS.with_borrow(|all| all.get(name).cloned()) {
        return Some(known);
    }
    let channel = BroadcastChannel::new(name).ok()?;
    CHANNELS.with_borrow_mut(|all| all.insert(name.to_owned(), channel.clone()));
    Some(channel)
}
