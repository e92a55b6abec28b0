//! IndexedDB: keys, and entries whose changes all tabs see at once.

use super::{reflect, window::window};
use futures_channel::oneshot;
use std::cell::RefCell;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{
    IdbDatabase, IdbObjectStore, IdbOpenDbRequest, IdbRequest, IdbTransaction, IdbTransactionMode,
};

const DATABASE: &str = "confidant";
/// The layout: it counts up with each new store.
const VERSION: u32 = 2;
/// The store of keys.
pub(super) const KEYS: &str = "keys";
const ENTRIES: &str = "entries";

thread_local! {
    static OPEN: RefCell<Option<IdbDatabase>> = RefCell::default();
}

/// Reads an entry; the outer `None` means that there is no database.
pub(super) async fn read_entry(key: &str) -> Option<Option<String>> {
    let database = open().await?;
    let store = store(&database, ENTRIES, IdbTransactionMode::Readonly)?;
    let found = done(&store.get(&key.into()).ok()?).await?;
    Some(found.as_string())
}

/// Writes an entry; `None` means that it could not be written.
pub(super) async fn write_entry(key: &str, text: &str) -> Option<()> {
    let database = open().await?;
    let store = store(&database, ENTRIES, IdbTransactionMode::Readwrite)?;
    let transaction = store.transaction();
    store.put_with_key(&text.into(), &key.into()).ok()?;
    complete(&transaction).await.then_some(())
}

/// Returns the database, which is opened once for the page.
pub(super) async fn open() -> Option<IdbDatabase> {
    if let Some(database) = OPEN.with_borrow(Clone::clone) {
        return Some(database);
    }
    let factory = window().ok()?.indexed_db().ok()??;
    let opening: IdbOpenDbRequest = factory.open_with_u32(DATABASE, VERSION).ok()?;
    let request = opening.clone();
    let upgrade = Closure::<dyn FnMut()>::new(move || {
        let database = request.result().ok();
        if let Some(database) = database.and_then(|value| value.dyn_into::<IdbDatabase>().ok()) {
            // Creating a store fails only if it exists.
            let _ = database.create_object_store(KEYS);
            let _ = database.create_object_store(ENTRIES);
        }
    });
    opening.set_onupgradeneeded(Some(upgrade.as_ref().unchecked_ref()));
    let database: IdbDatabase = done(&opening).await?.dyn_into().ok()?;
    // An open connection would block a user who deletes the site's data, and a
    // closed one must not be used again.
    let forget = Closure::<dyn FnMut()>::new(|| {
        if let Some(database) = OPEN.with_borrow_mut(Option::take) {
            database.close();
        }
    });
    let handler = forget.as_ref().unchecked_ref();
    database.set_onversionchange(Some(handler));
    database.set_onclose(Some(handler));
    // It listens for as long as the page lives.
    forget.forget();
    OPEN.with_borrow_mut(|open| *open = Some(database.clone()));
    Some(database)
}

/// Opens a store in a transaction of its own.
pub(super) fn store(
    database: &IdbDatabase,
    name: &str,
    mode: IdbTransactionMode,
) -> Option<IdbObjectStore> {
    let transaction = database.transaction_with_str_and_mode(name, mode);
    transaction.ok()?.object_store(name).ok()
}

/// Waits for a request and returns its result.
pub(super) async fn done(request: &IdbRequest) -> Option<JsValue> {
    let (sender, settled) = oneshot::channel();
    let settle = Closure::once_into_js(move || {
        // The receiver may have been dropped.
        let _ = sender.send(());
    });
    request.set_onsuccess(Some(settle.unchecked_ref()));
    request.set_onerror(Some(settle.unchecked_ref()));
    settled.await.ok()?;
    // A failed request has the result `undefined`.
    match request.error() {
        Ok(None) => request.result().ok(),
        _ => None,
    }
}

/// Waits for the end of a transaction; `false` if it was aborted.
pub(super) async fn complete(transaction: &IdbTransaction) -> bool {
    let (sender, completed) = oneshot::channel();
    let end = Closure::once_into_js(move |event: JsValue| {
        let kind = reflect::get(&event, "type").and_then(|kind| kind.as_string());
        // The receiver may have been dropped.
        let _ = sender.send(kind.as_deref() == Some("complete"));
    });
    transaction.set_oncomplete(Some(end.unchecked_ref()));
    transaction.set_onabort(Some(end.unchecked_ref()));
    completed.await.unwrap_or(false)
}
