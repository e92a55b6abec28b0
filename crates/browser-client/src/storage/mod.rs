//! Where the grant's record is stored: one file for each storage.

mod local_storage;
mod memory;
mod session_storage;
pub(crate) mod token_storage;
mod web_worker;

use crate::{
    platform::Platform,
    settings::{KeyPrefix, Storage},
};
use std::rc::Rc;
use token_storage::TokenStorage;

/// Opens the storage that the settings name.
pub(crate) fn open<P: Platform>(
    platform: P,
    storage: &Storage,
    prefix: &KeyPrefix,
) -> Rc<dyn TokenStorage> {
    // The browser tests of this workspace look for this name.
    let key = prefix.key("grant");
    match storage {
        Storage::Memory => Rc::new(memory::Memory { platform, key }),
        Storage::WebWorker { script } => Rc::new(web_worker::WebWorker {
            platform,
            key,
            script: script.as_str().into(),
        }),
        Storage::Session => Rc::new(session_storage::SessionStorage { platform, key }),
        Storage::Local => Rc::new(local_storage::LocalStorage { platform, key }),
    }
}
