//! The memory of a dedicated worker: lasts as long as the page, but is not in
//! the page's own heap. The record crosses to the page for every request.

use super::token_storage::{Scope, StorageFuture, TokenStorage};
use crate::platform::{Platform, WorkerCommand};
use std::rc::Rc;

pub(super) struct WebWorker<P> {
    pub(super) platform: P,
    pub(super) key: Rc<str>,
    /// The address of the worker's script.
    pub(super) script: Rc<str>,
}

impl<P: Platform> TokenStorage for WebWorker<P> {
    fn scope(&self) -> Scope {
        Scope::Page
    }

    fn read(&self) -> StorageFuture<'_, Option<String>> {
        Box::pin(
            self.platform
                .in_worker(&self.script, &self.key, WorkerCommand::Read),
        )
    }

    fn write<'a>(&'a self, record: &'a str) -> StorageFuture<'a, ()> {
        Box::pin(async move {
            let command = WorkerCommand::Store(record);
            self.platform
                .in_worker(&self.script, &self.key, command)
                .await?;
            Ok(())
        })
    }

    fn remove(&self) -> StorageFuture<'_, ()> {
        Box::pin(async {
            let command = WorkerCommand::Remove;
            self.platform
                .in_worker(&self.script, &self.key, command)
                .await?;
            Ok(())
        })
    }
}
