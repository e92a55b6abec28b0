//! Concurrent calls for the same key share one read: the first caller reads, and
//! the others wait for it.

use std::{
    collections::{HashMap, hash_map::Entry},
    hash::Hash,
    sync::{Mutex, MutexGuard, PoisonError},
};
use tokio::sync::oneshot;

/// The keys that are being read, with the callers that wait.
pub(crate) struct SingleFlight<K: Eq + Hash>(Mutex<HashMap<K, Vec<oneshot::Sender<()>>>>);

/// The right of the first caller to read. When it is dropped, the waiting callers
/// continue.
pub(crate) struct Leader<'a, K: Eq + Hash> {
    flights: &'a SingleFlight<K>,
    key: K,
}

impl<K: Eq + Hash> Default for SingleFlight<K> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash + Clone> SingleFlight<K> {
    /// Returns the right to read for the first caller. For any other caller,
    /// waits until the first one has read, and returns `None`.
    pub(crate) async fn lead_or_wait(&self, key: &K) -> Option<Leader<'_, K>> {
        let receiver = match self.lock().entry(key.clone()) {
            Entry::Vacant(entry) => {
                entry.insert(Vec::new());
                return Some(Leader {
                    flights: self,
                    key: key.clone(),
                });
            }
            Entry::Occupied(mut waiting) => {
                let (sender, receiver) = oneshot::channel();
                waiting.get_mut().push(sender);
                receiver
            }
        };
        // The read has ended, whether the sender was used or dropped.
        let _ = receiver.await;
        None
    }
}

impl<K: Eq + Hash> SingleFlight<K> {
    fn lock(&self) -> MutexGuard<'_, HashMap<K, Vec<oneshot::Sender<()>>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<K: Eq + Hash> Drop for Leader<'_, K> {
    fn drop(&mut self) {
        let waiting = self.flights.lock().remove(&self.key).unwrap_or_default();
        for sender in waiting {
            // The receiver may have been dropped.
            let _ = sender.send(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[tokio::test]
    async fn one_caller_reads_and_the_others_continue_when_it_has_read() {
        let flights = Arc::new(SingleFlight::default());
        let leader = flights.lead_or_wait(&1).await;
        assert!(leader.is_some());
        assert!(flights.lead_or_wait(&2).await.is_some(), "another key");
        let other = {
            let flights = flights.clone();
            tokio::spawn(async move { flights.lead_or_wait(&1).await.is_some() })
        };
        tokio::task::yield_now().await;
        assert!(!other.is_finished());
        drop(leader);
        assert!(!other.await.unwrap());
        assert!(flights.lead_or_wait(&1).await.is_some(), "the next read");
    }
}
