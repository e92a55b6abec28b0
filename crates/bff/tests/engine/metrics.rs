//! The metrics of the engine.

use super::{Model, Reuse, valid_token};
use metrics_exporter_prometheus::PrometheusBuilder;
use std::time::Duration;

/// Returns the metrics recorded while the scenario runs.
fn metrics_of(scenario: impl Future<Output = ()>) -> String {
    let recorder = PrometheusBuilder::new().build_recorder();
    let handle = recorder.handle();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .unwrap();
    metrics::with_local_recorder(&recorder, || {
        confidant_bff::testing::Metrics::with_prefix("confidant").describe();
        runtime.block_on(scenario);
    });
    handle.render()
}

fn assert_contains(metrics: &str, line: &str) {
    let is_contained = metrics.lines().any(|other| other == line);
    assert!(is_contained, "{line} is not in {metrics}");
}

#[test]
fn a_refresh_behind_a_caller_counts_as_one_ahead() {
    let metrics = metrics_of(async {
        let world = Model::new(Reuse::Strict).world();
        let id = world.fresh_grant().await;
        // Into the refresh window, whatever its jitter.
        tokio::time::sleep(Duration::from_secs(55)).await;
        assert_eq!(valid_token(&world, &id).await.unwrap(), "at-1");
        tokio::time::sleep(Duration::from_secs(1)).await;
        assert_eq!(valid_token(&world, &id).await.unwrap(), "at-2");
    });
    assert_contains(&metrics, "confidant_refreshes_ahead_total 1");
    assert_contains(&metrics, "confidant_leases_stolen_total 0");
}

#[test]
fn a_refresh_whose_process_is_gone_counts_as_a_stolen_lease() {
    let metrics = metrics_of(async {
        let world = Model::new(Reuse::Reusable).world();
        let id = world.expired_grant().await;
        world.crash_during_refresh(&id).await;
        assert_eq!(valid_token(&world, &id).await.unwrap(), "at-2");
    });
    assert_contains(&metrics, "confidant_leases_stolen_total 1");
    assert_contains(&metrics, "confidant_refreshes_ahead_total 0");
}
