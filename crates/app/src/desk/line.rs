//! One thing after the other, in the order in which it was asked for.

use futures::channel::oneshot;
use leptos::{prelude::*, task::spawn_local};
use std::future::Future;

/// A line to stand in.
#[derive(Clone, Copy, Default)]
pub(super) struct Line {
    /// Ends when the last one in the line is done.
    last: StoredValue<Option<oneshot::Receiver<()>>>,
}

impl Line {
    /// Does this when all that came before is done.
    pub(super) fn take_turn(self, work: impl Future<Output = ()> + 'static) {
        let (done, ours) = oneshot::channel();
        let before = self.last.try_update_value(|last| last.replace(ours));
        spawn_local(async move {
            if let Some(before) = before.flatten() {
                // Nothing is sent: it was dropped when its work was done.
                let _ = before.await;
            }
            work.await;
            drop(done);
        });
    }
}
