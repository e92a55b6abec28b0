//! What a script in the page could read, which is what an attacker's script would
//! do first.
//!
//! The probe searches both storages, the readable cookies and the markup, and
//! listens to the requests that the page sends. It does not search IndexedDB
//! or the program's memory; a real attacker could do more, never less.

use super::iframe::Frame;
use confidant_browser::fingerprint;
use confidant_wire::TokenKind;
use std::{cell::RefCell, collections::BTreeSet, rc::Rc};
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{
    Storage,
    js_sys::{Function, Promise, Reflect},
};

/// Shorter texts are no tokens.
const SHORTEST: usize = 20;

/// Listens to the requests of pages in frames.
#[derive(Clone, Default)]
pub(super) struct TokenProbe {
    /// The credentials that the page's requests carried.
    overheard: Rc<RefCell<BTreeSet<String>>>,
}

/// A token that was found.
#[derive(Default)]
pub(super) struct ExposedToken {
    /// Where it was found.
    pub(super) places: Vec<String>,
    /// The token itself.
    pub(super) token: Option<String>,
}

/// Searches the page for a text with this fingerprint.
pub(super) fn search(
    frame: &Frame,
    probe: &TokenProbe,
    kind: TokenKind,
    name: &str,
) -> ExposedToken {
    let overheard = probe.overheard.borrow().iter().cloned().collect();
    let searched: [(&str, String); 5] = [
        ("localStorage", stored(frame, "localStorage")),
        ("sessionStorage", stored(frame, "sessionStorage")),
        ("cookies", cookies(frame)),
        ("the page’s markup", markup(frame)),
        ("the page’s requests", joined(overheard)),
    ];
    let mut found_token = ExposedToken::default();
    for (place, text) in searched {
        let found = candidates(&text).find(|text| fingerprint(kind, text).to_string() == name);
        if let Some(token) = found {
            found_token.places.push(place.to_owned());
            found_token.token = Some(token.to_owned());
        }
    }
    found_token
}

/// Returns the pieces of a text that could be a token (RFC 6750, section 2.1: b64token).
fn candidates(text: &str) -> impl Iterator<Item = &str> {
    let part = |c: char| c.is_ascii_alphanumeric() || "-._~+/=".contains(c);
    text.split(move |c| !part(c))
        .filter(|piece| piece.len() >= SHORTEST)
}

fn joined(texts: Vec<String>) -> String {
    texts.join("\n")
}

fn stored(frame: &Frame, name: &str) -> String {
    let storage = Reflect::get(&frame.window(), &name.into());
    let Some(storage) = storage.ok().filter(|storage| !storage.is_undefined()) else {
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

fn cookies(frame: &Frame) -> String {
    let document = frame.document().map(JsValue::from);
    let cookie = document.and_then(|document| Reflect::get(&document, &"cookie".into()).ok());
    cookie
        .and_then(|cookie| cookie.as_string())
        .unwrap_or_default()
}

fn markup(frame: &Frame) -> String {
    let root = frame
        .document()
        .and_then(|document| document.document_element());
    root.map(|root| root.outer_html()).unwrap_or_default()
}

impl TokenProbe {
    /// Replaces the page's `fetch`, until the page is loaded again.
    pub(super) fn listen(&self, frame: &Frame) {
        let fetch = Reflect::get(&frame.window(), &"fetch".into());
        let Some(fetch) = fetch
            .ok()
            .and_then(|fetch| fetch.dyn_into::<JsValue>().ok())
        else {
            return;
        };
        let original: Function = fetch.unchecked_into();
        let (overheard, window) = (self.overheard.clone(), frame.window());
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
        let _ = Reflect::set(&frame.window(), &"fetch".into(), between.as_ref());
        // It has to live for as long as the other page does.
        between.forget();
    }
}

/// Returns the credentials in the headers of a request or of its settings.
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
