//! What a storage has to do.

use crate::Error;
use std::{future::Future, pin::Pin};

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

/// Implements [`TokenStorage`] for a storage with synchronous access.
macro_rules! synchronous {
    ($storage:ident, $area:expr, $scope:expr) => {
        impl<P: $crate::platform::Platform> $crate::storage::token_storage::TokenStorage
            for $storage<P>
        {
            fn scope(&self) -> $crate::storage::token_storage::Scope {
                $scope
            }

            fn read(&self) -> $crate::storage::token_storage::StorageFuture<'_, Option<String>> {
                Box::pin(async { self.platform.read($area, &self.key) })
            }

            fn write<'a>(
                &'a self,
                record: &'a str,
            ) -> $crate::storage::token_storage::StorageFuture<'a, ()> {
                Box::pin(async move { self.platform.write($area, &self.key, record) })
            }

            fn remove(&self) -> $crate::storage::token_storage::StorageFuture<'_, ()> {
                Box::pin(async {
                    self.platform.remove($area, &self.key);
                    Ok(())
                })
            }
        }
    };
}
pub(super) use synchronous;
