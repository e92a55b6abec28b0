//! What a script in the page could read: what an attacker's would do first.
//!
//! It looks through both storages, the readable cookies and the markup, and
//! listens to the requests that the page sends. It does not search IndexedDB
//! or the program's memory; a real attacker could do more, never less.

use super::tab::Tab;
use browser_client::fingerprint;
use std::{cell::RefCell, collections::BTreeSet, rc::Rc};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{
    Storage,
    js_sys::{Function, Promise, Reflect},
};
use wire::TokenKind;

/// Shorter texts are no tokens.
const SHORTEST: usize = 20;

/// Listens in one window.
#[derive(Clone, Default)]
pub(super) struct Spy {
    /// The credentials that the page's requests carried.
    overheard: Rc<RefCell<BTreeSet<String>>>,
}

/// Where a text was found that has the token's fingerprint.
pub(super) fn places(tab: &Tab, spy: &Spy, kind: TokenKind, token: &str) -> Vec<String> {
    let overheard = spy.overheard.borrow().iter().cloned().collect();
    let searched: [(&str, String); 5] = [
        ("localStorage", stored(tab, "localStorage")),
        ("sessionStorage", stored(tab, "sessionStorage")),
        ("cookies", cookies(tab)),
        ("the page’s markup", markup(tab)),
        ("the page’s requests", joined(overheard)),
    ];
    searched
        .into_iter()
        .filter(|(_, text)| candidates(text).any(|it| fingerprint(kind, it).to_string() == token))
        .map(|(place, _)| place.to_owned())
        .collect()
}

/// Pieces of a text that could be a token (RFC 6750, section 2.1: b64token).
fn candidates(text: &str) -> impl Iterator<Item = &str> {
    let part = |c: char| c.is_ascii_alphanumeric() || "-._~+/=".contains(c);
    text.split(move |c| !part(c))
        .filter(|piece| piece.len() >= SHORTEST)
}

fn joined(texts: Vec<String>) -> String {
    texts.join("\n")
}

fn stored(tab: &Tab, name: &str) -> String {
    let storage = Reflect::get(tab.window(), &name.into());
    let Some(storage) = storage.ok().filter(|it| !it.is_undefined()) else {
        return String::new();
    };
    let storage: Storage = storage.unchecked_into();
    let keys = 0..storage.length().unwrap_or_default();
    let value = |n| {
        let key = storage.key(n).ok()??;
        storage.get_item(&key).ok()?
    };
    joined(keys.filter_map(value).collect())
}

fn cookies(tab: &Tab) -> String {
    let document = tab.document().map(JsValue::from);
    let cookie = document.and_then(|it| Reflect::get(&it, &"cookie".into()).ok());
    cookie.and_then(|it| it.as_string()).unwrap_or_default()
}

fn markup(tab: &Tab) -> String {
    let root = tab
        .document()
        .and_then(|document| document.document_element());
    root.map(|root| root.outer_html()).unwrap_or_default()
}

impl Spy {
    /// Puts itself between the page and `fetch`. A page that is loaded anew
    /// has its own again.
    pub(super) fn listen(&self, tab: &Tab) {
        let fetch = Reflect::get(tab.window(), &"fetch".into());
        let Some(fetch) = fetch.ok().and_then(|it| it.dyn_into::<JsValue>().ok()) else {
            return;
        };
        let original: Function = fetch.unchecked_into();
        let (overheard, window) = (self.overheard.clone(), tab.window().clone());
        let between = move |input: JsValue, init: JsValue| -> JsValue {
            for source in [&input, &init] {
                overheard.borrow_mut().extend(authorization(source));
            }
            match original.call2(&window, &input, &init) {
                Ok(answer) => answer,
                Err(error) => Promise::reject(&error).into(),
            }
        };
        let between = Closure::<dyn Fn(JsValue, JsValue) -> JsValue>::new(between);
        let _ = Reflect::set(tab.window(), &"fetch".into(), between.as_ref());
        // It has to live for as long as the other page does.
        between.forget();
    }
}

/// The credentials in the headers of a request, or of what one is made from.
fn authorization(request: &JsValue) -> Option<String> {
    if !request.is_object() {
        return None;
    }
    let headers = Reflect::get(request, &"headers".into()).ok()?;
    let get: Function = Reflect::get(&headers, &"get".into())
        .ok()
        .filter(JsValue::is_function)?
        .unchecked_into();
    get.call1(&headers, &"authorization".into())
        .ok()?
        .as_string()
}
