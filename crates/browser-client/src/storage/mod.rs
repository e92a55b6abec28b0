//! Where the grant's record is stored: one file for each storage.

mod local_storage;
mod memory;
mod session_storage;
mod web_worker;

use crate::{
    Error,
    platform::Platform,
    settings::{KeyPrefix, Storage},
};
use std::{future::Future, pin::Pin, rc::Rc};

/// The result of a storage operation.
pub(crate) type StorageFuture<'a, T> = Pin<Box<dyn Future<Output = Result<T, Error>> + 'a>>;

/// A place for one record.
pub(crate) trait TokenStorage {
    /// Returns which pages share the record.
    fn scope(&self) -> Scope;
    /// Reads the record.
    fn read(&self) -> StorageFuture<'_, Option<String>>;
    /// Replaces the record.
    fn write<'a>(&'a self, record: &'a str) -> StorageFuture<'a, ()>;
    /// Removes the record.
    fn remove(&self) -> StorageFuture<'_, ()>;
}

/// Which pages share a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Scope {
    /// The page alone.
    Page,
    /// The tab, through reloads; a duplicated tab starts with a copy.
    Tab,
    /// All tabs of the origin.
    Origin,
}

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

/// Implements [`TokenStorage`] for a storage with synchronous access.
macro_rules! synchronous {
    ($storage:ident, $area:expr, $scope:expr) => {
        impl<P: $crate::platform::Platform> $crate::storage::TokenStorage for $storage<P> {
            fn scope(&self) -> $crate::storage::Scope {
                $scope
            }

            fn read(&self) -> $crate::storage::StorageFuture<'_, Option<String>> {
                Box::pin(async { self.platform.read($area, &self.key) })
            }

            fn write<'a>(&'a self, record: &'a str) -> $crate::storage::StorageFuture<'a, ()> {
                Box::pin(async move { self.platform.write($area, &self.key, record) })
            }

            fn remove(&self) -> $crate::storage::StorageFuture<'_, ()> {
                Box::pin(async {
                    self.platform.remove($area, &self.key);
                    Ok(())
                })
            }
        }
    };
}
use synchronous;
