//! The storages with synchronous access.

use super::window::window;
use crate::{Error, ErrorKind, StorageArea};
use std::{cell::RefCell, collections::HashMap};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{DomException, Storage};

thread_local! {
    /// The page's memory, one for all clients in it.
    static PAGE: RefCell<HashMap<String, String>> = RefCell::default();
}

pub(super) fn read(area: StorageArea, key: &str) -> Result<Option<String>, Error> {
    match storage(area)? {
        Some(storage) => storage.get_item(key).map_err(failed),
        None => Ok(PAGE.with_borrow(|page| page.get(key).cloned())),
    }
}

pub(super) fn write(area: StorageArea, key: &str, text: &str) -> Result<(), Error> {
    match storage(area)? {
        Some(storage) => storage.set_item(key, text).map_err(failed),
        None => {
            PAGE.with_borrow_mut(|page| page.insert(key.to_owned(), text.to_owned()));
            Ok(())
        }
    }
}

pub(super) fn remove(area: StorageArea, key: &str) {
    match storage(area) {
        // A blocked storage contains nothing to remove.
        Ok(Some(storage)) => drop(storage.remove_item(key)),
        Ok(None) => drop(PAGE.with_borrow_mut(|page| page.remove(key))),
        Err(_) => {}
    }
}

fn storage(area: StorageArea) -> Result<Option<Storage>, Error> {
    let found = match area {
        StorageArea::Page => return Ok(None),
        StorageArea::Tab => window()?.session_storage(),
        StorageArea::Shared => window()?.local_storage(),
    };
    found.map_err(failed)?.ok_or_else(blocked).map(Some)
}

fn blocked() -> Error {
    let message = "This browser does not let the page store anything. Allow site data for it.";
    Error::new(ErrorKind::StorageBlocked, message)
}

fn failed(thrown: JsValue) -> Error {
    match thrown.dyn_ref::<DomException>().map(DomException::name) {
        Some(name) if name.contains("Quota") || name.contains("QUOTA") => {
            let message = "The storage of this site is full. Remove some of its data.";
            Error::new(ErrorKind::StorageFull, message)
        }
        _ => blocked(),
    }
}
