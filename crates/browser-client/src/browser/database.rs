//! IndexedDB: keys, and lines that all tabs see at once.

use super::{reflect, window};
use futures_channel::oneshot;
use std::cell::RefCell;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use web_sys::{
    IdbDatabase, IdbObjectStore, IdbOpenDbRequest, IdbRequest, IdbTransaction, IdbTransactionMode,
};

const DATABASE: &str = "confidant";
/// The store of keys.
pub(super) const KEYS: &str = "keys";
const LINES: &str = "lines";

thread_local! {
    static OPEN: RefCell<Option<IdbDatabase>> = RefCell::default();
}

/// A line. None where the browser has no database.
pub(super) async fn line(key: &str) -> Option<Option<String>> {
    let database = open().await?;
    let store = store(&database, LINES, IdbTransactionMode::Readonly)?;
    let found = done(&store.get(&key.into()).ok()?).await?;
    Some(found.as_string())
}

/// Writes a line if it still reads as expected.
pub(super) async fn swap_line(key: &str, expected: Option<&str>, text: &str) -> Option<bool> {
    let database = open().await?;
    let store = store(&database, LINES, IdbTransactionMode::Readwrite)?;
    let transaction = store.transaction();
    let reading = store.get(&key.into()).ok()?;
    let (send, swapped) = oneshot::channel();
    let (found, expected) = (reading.clone(), expected.map(str::to_owned));
    let (key, text) = (JsValue::from_str(key), JsValue::from_str(text));
    let write = Closure::once_into_js(move || {
        // Inside the callback the transaction is still ours: nobody can write
        // between this look and this put.
        let fits = found
            .result()
            .is_ok_and(|found| found.as_string() == expected);
        let put = fits && store.put_with_key(&text, &key).is_ok();
        // Nobody may be waiting any more.
        let _ = send.send(put);
    });
    reading.set_onsuccess(Some(write.unchecked_ref()));
    complete(&transaction).await.then_some(())?;
    swapped.await.ok()
}

/// The database, opened once for the page.
pub(super) async fn open() -> Option<IdbDatabase> {
    if let Some(database) = OPEN.with_borrow(Clone::clone) {
        return Some(database);
    }
    let factory = window().ok()?.indexed_db().ok()??;
    let opening: IdbOpenDbRequest = factory.open_with_u32(DATABASE, 1).ok()?;
    let request = opening.clone();
    let upgrade = Closure::<dyn FnMut()>::new(move || {
        let database = request.result().ok();
        if let Some(database) = database.and_then(|it| it.dyn_into::<IdbDatabase>().ok()) {
            // They fail only where they exist.
            let _ = database.create_object_store(KEYS);
            let _ = database.create_object_store(LINES);
        }
    });
    opening.set_onupgradeneeded(Some(upgrade.as_ref().unchecked_ref()));
    let database: IdbDatabase = done(&opening).await?.dyn_into().ok()?;
    // A person who deletes the site's data must not be kept waiting by us, and
    // we must not go on with a connection that was closed.
    let forget = Closure::<dyn FnMut()>::new(|| {
        if let Some(database) = OPEN.with_borrow_mut(Option::take) {
            database.close();
        }
    });
    let handler = forget.as_ref().unchecked_ref();
    database.set_onversionchange(Some(handler));
    database.set_onclose(Some(handler));
    // For as long as the page lives.
    forget.forget();
    OPEN.with_borrow_mut(|open| *open = Some(database.clone()));
    Some(database)
}

pub(super) fn store(
    database: &IdbDatabase,
    name: &str,
    mode: IdbTransactionMode,
) -> Option<IdbObjectStore> {
    let transaction = database.transaction_with_str_and_mode(name, mode);
    transaction.ok()?.object_store(name).ok()
}

/// The result of a request once it is there.
pub(super) async fn done(request: &IdbRequest) -> Option<JsValue> {
    let (send, receive) = oneshot::channel();
    let settled = Closure::once_into_js(move || {
        // Nobody may be waiting any more.
        let _ = send.send(());
    });
    request.set_onsuccess(Some(settled.unchecked_ref()));
    request.set_onerror(Some(settled.unchecked_ref()));
    receive.await.ok()?;
    // One that failed has a result, too: undefined.
    match request.error() {
        Ok(None) => request.result().ok(),
        _ => None,
    }
}

/// Whether a transaction came to its end.
pub(super) async fn complete(transaction: &IdbTransaction) -> bool {
    let (send, receive) = oneshot::channel();
    let ended = Closure::once_into_js(move |event: JsValue| {
        let kind = reflect::get(&event, "type").and_then(|kind| kind.as_string());
        // Nobody may be waiting any more.
        let _ = send.send(kind.as_deref() == Some("complete"));
    });
    transaction.set_oncomplete(Some(ended.unchecked_ref()));
    transaction.set_onabort(Some(ended.unchecked_ref()));
    receive.await.unwrap_or(false)
}
