//! What was read a moment ago, so that not every request has to ask the
//! database: bounded in age and in size.

use crate::clock::millis;
use confidant_wire::UnixMillis;
use std::{
    array,
    collections::HashMap,
    hash::{BuildHasher, Hash, RandomState},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// Shelves, each with a lock of its own.
const SHELVES: usize = 16;
/// Values on one shelf. A full one takes in nothing until something on it is
/// too old.
const ROOM: usize = 1024;

/// Values by key, none older than an age.
pub(crate) struct Cache<K, V> {
    age: u64,
    hasher: RandomState,
    shelves: [Mutex<Shelf<K, V>>; SHELVES],
}

struct Shelf<K, V> {
    /// Counts what was taken off it before its time.
    forgotten: u64,
    kept: HashMap<K, Kept<V>>,
}

struct Kept<V> {
    value: V,
    since: UnixMillis,
}

/// What has to be known before a value is read, to keep it afterwards: when
/// that was, and that nobody has called for its key to be forgotten since.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Reading {
    since: UnixMillis,
    forgotten: u64,
}

impl<V> Kept<V> {
    /// A clock that was set back makes nothing young.
    fn is_fresh(&self, age: u64, now: UnixMillis) -> bool {
        now.checked_sub(self.since)
            .is_some_and(|cached_token| cached_token < age)
    }
}

impl<K: Eq + Hash, V: Clone> Cache<K, V> {
    /// An empty cache whose values are good for this long.
    pub(crate) fn new(age: Duration) -> Self {
        Self {
            age: millis(age),
            hasher: RandomState::new(),
            shelves: array::from_fn(|_| {
                Mutex::new(Shelf {
                    forgotten: 0,
                    kept: HashMap::new(),
                })
            }),
        }
    }

    /// The value, if it is there and not too old.
    pub(crate) fn get(&self, key: &K, now: UnixMillis) -> Option<V> {
        let shelf = self.shelf(key);
        let kept = shelf.kept.get(key)?;
        kept.is_fresh(self.age, now).then(|| kept.value.clone())
    }

    /// To be called before the value is read elsewhere.
    pub(crate) fn reading(&self, key: &K, now: UnixMillis) -> Reading {
        Reading {
            since: now,
            forgotten: self.shelf(key).forgotten,
        }
    }

    /// Keeps a value that was read elsewhere, unless it may have been
    /// forgotten while it was being read.
    pub(crate) fn keep(&self, key: K, value: V, reading: Reading) {
        let mut shelf = self.shelf(&key);
        if shelf.forgotten != reading.forgotten {
            return;
        }
        if shelf.kept.len() >= ROOM {
            shelf
                .kept
                .retain(|_, kept| kept.is_fresh(self.age, reading.since));
        }
        if shelf.kept.len() < ROOM || shelf.kept.contains_key(&key) {
            let since = reading.since;
            shelf.kept.insert(key, Kept { value, since });
        }
    }

    /// Puts a newer value in the place of one that is kept. It is not kept
    /// any longer for it.
    pub(crate) fn amend(&self, key: &K, value: V) {
        if let Some(kept) = self.shelf(key).kept.get_mut(key) {
            kept.value = value;
        }
    }

    /// Forgets the value, whether it is kept or just being read.
    pub(crate) fn forget(&self, key: &K) {
        let mut shelf = self.shelf(key);
        shelf.forgotten = shelf.forgotten.wrapping_add(1);
        shelf.kept.remove(key);
    }

    /// Lets go of what is too old.
    pub(crate) fn sweep(&self, now: UnixMillis) {
        for shelf in &self.shelves {
            let mut shelf = lock(shelf);
            shelf.kept.retain(|_, kept| kept.is_fresh(self.age, now));
            shelf.kept.shrink_to_fit();
        }
    }

    fn shelf(&self, key: &K) -> MutexGuard<'_, Shelf<K, V>> {
        let hash = self.hasher.hash_one(key);
        // A remainder of 16 is an index of 16.
        lock(&self.shelves[(hash % SHELVES as u64) as usize])
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    const AGE: Duration = Duration::from_secs(1);

    fn kept(cache: &Cache<u64, &'static str>, key: u64, value: &'static str, now: UnixMillis) {
        cache.keep(key, value, cache.reading(&key, now));
    }

    #[test]
    fn a_value_is_good_until_its_age_and_not_after_a_clock_was_set_back() {
        let cache = Cache::new(AGE);
        kept(&cache, 1, "a", 5000);
        assert_eq!(cache.get(&1, 5000), Some("a"));
        assert_eq!(cache.get(&1, 5999), Some("a"));
        assert_eq!(cache.get(&1, 6000), None);
        assert_eq!(cache.get(&1, 4999), None);
        assert_eq!(cache.get(&2, 5000), None);
    }

    #[test]
    fn what_was_forgotten_while_it_was_read_is_not_kept() {
        let cache = Cache::new(AGE);
        let reading = cache.reading(&1, 0);
        cache.forget(&1);
        cache.keep(1, "read before", reading);
        assert_eq!(cache.get(&1, 0), None);
        kept(&cache, 1, "read after", 0);
        assert_eq!(cache.get(&1, 0), Some("read after"));
    }

    #[test]
    fn an_amended_value_is_no_younger_and_a_forgotten_one_does_not_come_back() {
        let cache = Cache::new(AGE);
        kept(&cache, 1, "a", 0);
        cache.amend(&1, "b");
        assert_eq!(cache.get(&1, 999), Some("b"));
        assert_eq!(cache.get(&1, 1000), None);
        cache.forget(&1);
        cache.amend(&1, "c");
        assert_eq!(cache.get(&1, 0), None);
    }

    #[test]
    fn a_flood_of_keys_takes_a_bounded_room_until_they_are_too_old() {
        let cache = Cache::new(AGE);
        let count = || {
            cache
                .shelves
                .iter()
                .map(|s| lock(s).kept.len())
                .sum::<usize>()
        };
        for key in 0..100_000 {
            kept(&cache, key, "x", 0);
        }
        assert_eq!(count(), SHELVES * ROOM);
        kept(&cache, 200_000, "late", 1000);
        assert_eq!(cache.get(&200_000, 1000), Some("late"));
        cache.sweep(1000);
        assert_eq!(count(), 1);
    }
}
