//! The key that tokens are bound to: made by WebCrypto so that it cannot be
//! taken out, kept in IndexedDB, shared by all tabs.

use super::{
    database::{KEYS, complete, done, open, store},
    lacks, reflect, window,
};
use crate::{Error, PublicKey};
use js_sys::{Array, Promise, Uint8Array};
use std::{cell::RefCell, collections::HashMap};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{CryptoKey, IdbDatabase, IdbTransactionMode, SubtleCrypto};

#[derive(Clone)]
struct Pair {
    private: CryptoKey,
    public: PublicKey,
}

thread_local! {
    /// The keys that this page has looked up.
    static PAIRS: RefCell<HashMap<String, Pair>> = RefCell::default();
}

pub(super) async fn public(name: &str) -> Result<PublicKey, Error> {
    Ok(pair(name).await?.public)
}

pub(super) async fn sign(name: &str, input: &str) -> Result<Vec<u8>, Error> {
    let pair = pair(name).await?;
    let algorithm = reflect::object(&[("name", "ECDSA".into()), ("hash", "SHA-256".into())]);
    let bytes = Uint8Array::from(input.as_bytes());
    let signing = subtle()?
        .sign_with_object_and_buffer_source(&algorithm, &pair.private, &bytes)
        .map_err(|_| no_keys())?;
    let signature = JsFuture::from(signing.unchecked_into::<Promise>())
        .await
        .map_err(|_| no_keys())?;
    // Raw r and s, which is what JWS wants as well (RFC 7518, section 3.4).
    Ok(Uint8Array::new(&signature).to_vec())
}

async fn pair(name: &str) -> Result<Pair, Error> {
    if let Some(known) = PAIRS.with_borrow(|all| all.get(name).cloned()) {
        return Ok(known);
    }
    let stored = find_or_make(name).await.ok_or_else(no_keys)?;
    let private = reflect::get(&stored, "privateKey").ok_or_else(no_keys)?;
    let public = reflect::get(&stored, "publicKey").ok_or_else(no_keys)?;
    let exporting = subtle()?
        .export_key("jwk", public.unchecked_ref())
        .map_err(|_| no_keys())?;
    let jwk = JsFuture::from(exporting.unchecked_into::<Promise>())
        .await
        .map_err(|_| no_keys())?;
    let member = |name| reflect::get(&jwk, name).and_then(|value| value.as_string());
    let pair = Pair {
        private: private.unchecked_into(),
        public: PublicKey {
            x: member("x").ok_or_else(no_keys)?,
            y: member("y").ok_or_else(no_keys)?,
        },
    };
    PAIRS.with_borrow_mut(|all| all.insert(name.to_owned(), pair.clone()));
    Ok(pair)
}

/// The stored key pair. Two tabs may both find none and make one; the first
/// that is stored counts for both.
async fn find_or_make(name: &str) -> Option<JsValue> {
    let database = open().await?;
    match look(&database, name).await {
        Some(pair) => Some(pair),
        None => {
            let made = make().await?;
            store_first(&database, name, &made).await
        }
    }
}

async fn make() -> Option<JsValue> {
    let algorithm = reflect::object(&[("name", "ECDSA".into()), ("namedCurve", "P-256".into())]);
    let usages = Array::of2(&"sign".into(), &"verify".into());
    // Not extractable: script can use the key, and cannot carry it away.
    let making = subtle()
        .ok()?
        .generate_key_with_object(&algorithm, false, &usages)
        .ok()?;
    JsFuture::from(making.unchecked_into::<Promise>())
        .await
        .ok()
}

async fn look(database: &IdbDatabase, name: &str) -> Option<JsValue> {
    let store = store(database, KEYS, IdbTransactionMode::Readonly)?;
    let found = done(&store.get(&name.into()).ok()?).await?;
    (!found.is_undefined()).then_some(found)
}

async fn store_first(database: &IdbDatabase, name: &str, made: &JsValue) -> Option<JsValue> {
    let store = store(database, KEYS, IdbTransactionMode::Readwrite)?;
    let transaction = store.transaction();
    // `add` fails where somebody was first.
    let adding = store.add_with_key(made, &name.into()).ok()?;
    match done(&adding).await {
        // Tokens are bound to it only once it is there to stay.
        Some(_) => complete(&transaction).await.then(|| made.clone()),
        None => look(database, name).await,
    }
}

fn subtle() -> Result<SubtleCrypto, Error> {
    let crypto = window()?.crypto().map_err(|_| no_keys())?;
    // Missing outside secure contexts.
    reflect::get(&crypto, "subtle")
        .map(JsCast::unchecked_into)
        .ok_or_else(no_keys)
}

fn no_keys() -> Error {
    lacks("keys that stay in it (WebCrypto and IndexedDB)")
}
