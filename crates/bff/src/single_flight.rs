//! Readers of one thing who come at one moment: the first reads, the others
//! wait for it.

use std::{
    collections::{HashMap, hash_map::Entry},
    hash::Hash,
    sync::{Mutex, MutexGuard, PoisonError},
};
use tokio::sync::oneshot;

/// Who reads what at this moment, and who waits for it.
pub(super) struct SingleFlight<K: Eq + Hash>(Mutex<HashMap<K, Vec<oneshot::Sender<()>>>>);

/// The first reader's turn. When it is over, however it ends, those who wait
/// look for themselves.
pub(super) struct Leader<'a, K: Eq + Hash> {
    readers: &'a SingleFlight<K>,
    key: K,
}

impl<K: Eq + Hash> Default for SingleFlight<K> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<K: Eq + Hash + Clone> SingleFlight<K> {
    /// The turn of the first who asks. Everybody else gets none, once that
    /// turn is over.
    pub(super) async fn turn(&self, key: &K) -> Option<Leader<'_, K>> {
        let over = match self.lock().entry(key.clone()) {
            Entry::Vacant(place) => {
                place.insert(Vec::new());
                return Some(Leader {
                    readers: self,
                    key: key.clone(),
                });
            }
            Entry::Occupied(mut waiting) => {
                let (tell, over) = oneshot::channel();
                waiting.get_mut().push(tell);
                over
            }
        };
        // Whether told or dropped, it is over.
        let _ = over.await;
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
        let waiting = self.readers.lock().remove(&self.key).unwrap_or_default();
        for tell in waiting {
            // Those who went away need no answer.
            let _ = tell.send(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[tokio::test]
    async fn one_has_the_turn_and_the_others_go_on_when_it_ends() {
        let readers = Arc::new(SingleFlight::default());
        let turn = readers.turn(&1).await;
        assert!(turn.is_some());
        assert!(readers.turn(&2).await.is_some(), "another thing");
        let other = {
            let readers = readers.clone();
            tokio::spawn(async move { readers.turn(&1).await.is_some() })
        };
        tokio::task::yield_now().await;
        assert!(!other.is_finished());
        drop(turn);
        assert!(!other.await.unwrap());
        assert!(readers.turn(&1).await.is_some(), "the next one");
    }
}
