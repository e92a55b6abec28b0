//! Runs actions one after the other, in the order in which they were started.

use futures::channel::oneshot;
use leptos::{prelude::*, task::spawn_local};
use std::future::Future;

/// The actions that wait for each other.
#[derive(Clone, Copy, Default)]
pub(super) struct Queue {
    /// Closes when the last action in the queue has ended.
    last: StoredValue<Option<oneshot::Receiver<()>>>,
}

impl Queue {
    /// Runs this after everything that was started before has ended.
    pub(super) fn run(self, work: impl Future<Output = ()> + 'static) {
        let (ended, receiver) = oneshot::channel();
        let before = self.last.try_update_value(|last| last.replace(receiver));
        spawn_local(async move {
            if let Some(before) = before.flatten() {
                // Nothing is sent: the sender is dropped when its action has ended.
                let _ = before.await;
            }
            work.await;
            drop::<oneshot::Sender<()>>(ended);
        });
    }
}
