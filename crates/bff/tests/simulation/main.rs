//! Several replicas over one store and one provider, with faults and crashes
//! at every await point, on a virtual clock. The seed determines the whole run:
//! a failing seed is printed, and fails again.
//!
//! `SIMULATION_SEEDS` sets the number of seeds; `SIMULATION_SEED` selects a
//! single one.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod mutation;
mod provider;
mod replica;
mod scenario;
mod world;

use mutation::Mutation;
use scenario::run;
use std::sync::atomic::{AtomicU64, Ordering};

/// The number of seeds without `SIMULATION_SEEDS`.
const SEEDS: u64 = 10_000;
/// The number of seeds within which each mutation must be caught.
const SEEDS_FOR_A_MUTATION: u64 = 1_000;

#[test]
fn no_schedule_of_faults_and_crashes_breaks_an_invariant() {
    if let Some(seed) = number("SIMULATION_SEED") {
        for line in scenario::events(seed) {
            println!("{line}");
        }
        return run(seed, None).unwrap();
    }
    let seeds = number("SIMULATION_SEEDS").unwrap_or(SEEDS);
    let (next, passed) = (AtomicU64::new(0), AtomicU64::new(0));
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= seeds {
                        return;
                    }
                    match run(seed, None) {
                        Ok(()) => passed.fetch_add(1, Ordering::Relaxed),
                        Err(violation) => panic!("SIMULATION_SEED={seed}: {violation}"),
                    };
                }
            });
        }
    });
    println!("{} seeds, no violation", passed.into_inner());
}

#[test]
fn a_seed_produces_the_same_events_twice() {
    for seed in 0..20 {
        let (first, second) = (scenario::events(seed), scenario::events(seed));
        for (a, b) in first.iter().zip(&second) {
            assert_eq!(a, b, "seed {seed}");
        }
        assert_eq!(first.len(), second.len(), "seed {seed}");
    }
}

#[test]
fn every_mutation_is_caught() {
    for mutation in Mutation::ALL {
        let caught = (0..SEEDS_FOR_A_MUTATION)
            .find_map(|seed| run(seed, Some(*mutation)).err().map(|by| (seed, by)));
        let (seed, by) = caught.unwrap_or_else(|| panic!("{mutation:?} was not caught"));
        println!("{mutation:?}: seed {seed}: {by}");
    }
}

fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}
