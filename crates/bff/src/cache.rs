//! A cache, bounded in age and in size, so that not every request reads the
//! database.

use crate::clock::millis;
use confidant_wire::UnixMillis;
use std::{
    array,
    collections::HashMap,
    hash::{BuildHasher, Hash, RandomState},
    sync::{Mutex, MutexGuard, PoisonError},
    time::Duration,
};

/// The number of shards, each with a lock of its own.
const SHARDS: usize = 16;
/// The number of values in a shard. A full shard accepts no value until another
/// has expired.
const SHARD_CAPACITY: usize = 1024;

/// Values by key, none older than a maximum age.
pub(crate) struct Cache<K, V> {
    max_age: u64,
    hasher: RandomState,
    shards: [Mutex<Shard<K, V>>; SHARDS],
}

struct Shard<K, V> {
    /// Counts invalidations.
    invalidations: u64,
    entries: HashMap<K, Entry<V>>,
}

struct Entry<V> {
    value: V,
    since: UnixMillis,
}

/// A read of a value that is under way. Its value is cached only if its shard was
/// not invalidated in the meantime.
#[derive(Clone, Copy, Debug)]
pub(crate) struct OngoingRead {
    since: UnixMillis,
    invalidations: u64,
}

impl<V> Entry<V> {
    /// After a clock was set back, no value is fresh.
    fn is_fresh(&self, max_age: u64, now: UnixMillis) -> bool {
        now.checked_sub(self.since).is_some_and(|age| age < max_age)
    }
}

impl<K: Eq + Hash, V: Clone> Cache<K, V> {
    /// Creates an empty cache whose values are valid for this long.
    pub(crate) fn new(max_age: Duration) -> Self {
        Self {
            max_age: millis(max_age),
            hasher: RandomState::new(),
            shards: array::from_fn(|_| {
                Mutex::new(Shard {
                    invalidations: 0,
                    entries: HashMap::new(),
                })
            }),
        }
    }

    /// Returns the value if it is cached and not too old.
    pub(crate) fn get(&self, key: &K, now: UnixMillis) -> Option<V> {
        let shard = self.shard(key);
        let entry = shard.entries.get(key)?;
        entry
            .is_fresh(self.max_age, now)
            .then(|| entry.value.clone())
    }

    /// Begins to read a value from its source.
    pub(crate) fn begin_read(&self, key: &K, now: UnixMillis) -> OngoingRead {
        OngoingRead {
            since: now,
            invalidations: self.shard(key).invalidations,
        }
    }

    /// Caches a value that was read from its source, unless it may have been
    /// invalidated during the read.
    pub(crate) fn insert(&self, key: K, value: V, read: OngoingRead) {
        let mut shard = self.shard(&key);
        if shard.invalidations != read.invalidations {
            return;
        }
        if shard.entries.len() >= SHARD_CAPACITY {
            shard
                .entries
                .retain(|_, entry| entry.is_fresh(self.max_age, read.since));
        }
        if shard.entries.len() < SHARD_CAPACITY || shard.entries.contains_key(&key) {
            let since = read.since;
            shard.entries.insert(key, Entry { value, since });
        }
    }

    /// Replaces a cached value, without a longer lifetime.
    pub(crate) fn update(&self, key: &K, value: V) {
        if let Some(entry) = self.shard(key).entries.get_mut(key) {
            entry.value = value;
        }
    }

    /// Removes the value, and prevents a read that is under way from caching it.
    pub(crate) fn invalidate(&self, key: &K) {
        let mut shard = self.shard(key);
        shard.invalidations = shard.invalidations.wrapping_add(1);
        shard.entries.remove(key);
    }

    /// Removes values that are too old.
    pub(crate) fn sweep(&self, now: UnixMillis) {
        for shard in &self.shards {
            let mut shard = lock(shard);
            shard
                .entries
                .retain(|_, entry| entry.is_fresh(self.max_age, now));
            shard.entries.shrink_to_fit();
        }
    }

    fn shard(&self, key: &K) -> MutexGuard<'_, Shard<K, V>> {
        let hash = self.hasher.hash_one(key);
        // A remainder of 16 is an index of 16.
        lock(&self.shards[(hash % SHARDS as u64) as usize])
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    const AGE: Duration = Duration::from_secs(1);

    fn insert(cache: &Cache<u64, &'static str>, key: u64, value: &'static str, now: UnixMillis) {
        cache.insert(key, value, cache.begin_read(&key, now));
    }

    #[test]
    fn a_value_is_valid_until_its_maximum_age_and_not_after_a_clock_was_set_back() {
        let cache = Cache::new(AGE);
        insert(&cache, 1, "a", 5000);
        assert_eq!(cache.get(&1, 5000), Some("a"));
        assert_eq!(cache.get(&1, 5999), Some("a"));
        assert_eq!(cache.get(&1, 6000), None);
        assert_eq!(cache.get(&1, 4999), None);
        assert_eq!(cache.get(&2, 5000), None);
    }

    #[test]
    fn a_value_that_was_invalidated_during_its_read_is_not_cached() {
        let cache = Cache::new(AGE);
        let read = cache.begin_read(&1, 0);
        cache.invalidate(&1);
        cache.insert(1, "read before", read);
        assert_eq!(cache.get(&1, 0), None);
        insert(&cache, 1, "read after", 0);
        assert_eq!(cache.get(&1, 0), Some("read after"));
    }

    #[test]
    fn an_updated_value_lives_no_longer_and_a_removed_one_does_not_come_back() {
        let cache = Cache::new(AGE);
        insert(&cache, 1, "a", 0);
        cache.update(&1, "b");
        assert_eq!(cache.get(&1, 999), Some("b"));
        assert_eq!(cache.get(&1, 1000), None);
        cache.invalidate(&1);
        cache.update(&1, "c");
        assert_eq!(cache.get(&1, 0), None);
    }

    #[test]
    fn many_keys_take_bounded_memory_until_they_are_too_old() {
        let cache = Cache::new(AGE);
        let count = || {
            cache
                .shards
                .iter()
                .map(|s| lock(s).entries.len())
                .sum::<usize>()
        };
        for key in 0..100_000 {
            insert(&cache, key, "x", 0);
        }
        assert_eq!(count(), SHARDS * SHARD_CAPACITY);
        insert(&cache, 200_000, "late", 1000);
        assert_eq!(cache.get(&200_000, 1000), Some("late"));
        cache.sweep(1000);
        assert_eq!(count(), 1);
    }
}
