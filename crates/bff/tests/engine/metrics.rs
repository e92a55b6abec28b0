//! What operators are told of it.

use super::{Model, Reuse, usable};
use metrics_exporter_prometheus::PrometheusBuilder;
use std::time::Duration;

/// What is counted while this goes on, in a thread of its own.
fn counted(story: impl Future<Output = ()>) -> String {
    let recorder = PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    metrics::with_local_recorder(&recorder, || {
        confidant_bff::testing::Metrics::with_prefix("confidant").describe();
        runtime.block_on(story);
    });
    handle.render()
}

fn assert_told(told: &str, line: &str) {
    assert!(told.lines().any(|it| it == line), "{line} is not in {told}");
}

#[test]
fn a_refresh_behind_a_caller_counts_as_one_ahead() {
    let told = counted(async {
        let world = Model::new(Reuse::Strict).world();
        let id = world.fresh_grant().await;
        // Into the last quarter of its life, and within every jitter.
        tokio::time::sleep(Duration::from_secs(55)).await;
        assert_eq!(usable(&world, &id).await.unwrap(), "at-1");
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(usable(&world, &id).await.unwrap(), "at-2");
    });
    assert_told(&told, "confidant_refreshes_ahead_total 1");
    assert_told(&told, "confidant_leases_stolen_total 0");
}

#[test]
fn a_flight_whose_process_is_gone_counts_as_a_stolen_lease() {
    let told = counted(async {
        let world = Model::new(Reuse::Reusable).world();
        let id = world.expired_grant().await;
        world.crash_in_flight(&id).await;
        assert_eq!(usable(&world, &id).await.unwrap(), "at-2");
    });
    assert_told(&told, "confidant_leases_stolen_total 1");
    assert_told(&told, "confidant_refreshes_ahead_total 0");
}
