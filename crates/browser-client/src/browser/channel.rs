//! What tabs say to each other.

use std::{cell::RefCell, collections::HashMap};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{BroadcastChannel, MessageEvent};

thread_local! {
    /// The channels of this page by name. A page does not hear itself on the
    /// channel that it speaks on.
    static CHANNELS: RefCell<HashMap<String, BroadcastChannel>> = RefCell::default();
}

pub(super) fn tell(name: &str, text: &str) {
    if let Some(channel) = channel(name) {
        // Nobody has to hear it.
        let _ = channel.post_message(&JsValue::from_str(text));
    }
}

pub(super) fn hear(name: &str, hear: impl Fn(String) + 'static) {
    let Some(channel) = channel(name) else { return };
    let heard = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
        if let Some(text) = event.data().as_string() {
            hear(text);
        }
    });
    channel.set_onmessage(Some(heard.as_ref().unchecked_ref()));
    // For as long as the page lives.
    heard.forget();
}

fn channel(name: &str) -> Option<BroadcastChannel> {
    if let Some(known) = CHANNELS.with_borrow(|all| all.get(name).cloned()) {
        return Some(known);
    }
    let channel = BroadcastChannel::new(name).ok()?;
    CHANNELS.with_borrow_mut(|all| all.insert(name.to_owned(), channel.clone()));
    Some(channel)
}
