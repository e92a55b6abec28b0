//! Figures for operators: `GET /metrics`, as Prometheus reads them.

use axum::{
    Router,
    http::header,
    response::{IntoResponse, Response},
    routing::get,
};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use std::{sync::OnceLock, time::Duration};

/// How often what was measured is put into its buckets.
const UPKEEP_INTERVAL: Duration = Duration::from_secs(5);

/// Buckets of times, in seconds: from a call within one machine to a provider
/// that hangs.
const SECONDS_BUCKETS: [f64; 14] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0,
];

/// A process counts in one place, whatever it serves.
static PROMETHEUS: OnceLock<PrometheusHandle> = OnceLock::new();

/// Begins to count. Once is enough; where somebody else counts already, it is
/// theirs to show.
///
/// # Errors
/// When the buckets make no sense.
pub fn install() -> Result<(), BuildError> {
    let recorder = PrometheusBuilder::new()
        .set_buckets_for_metric(Matcher::Suffix("_seconds".to_owned()), &SECONDS_BUCKETS)?
        .build_recorder();
    let handle = recorder.handle();
    if metrics::set_global_recorder(recorder).is_ok() {
        let _ = PROMETHEUS.set(handle);
    }
    Ok(())
}

/// Puts what was measured into its buckets, again and again.
pub async fn run_upkeep() {
    let mut interval = tokio::time::interval(UPKEEP_INTERVAL);
    loop {
        interval.tick().await;
        if let Some(prometheus) = PROMETHEUS.get() {
            prometheus.run_upkeep();
        }
    }
}

/// Where they are shown.
pub fn routes() -> Router {
    Router::new().route("/metrics", get(show))
}

async fn show() -> Response {
    match PROMETHEUS.get() {
        Some(prometheus) => {
            let kind = "text/plain; version=0.0.4; charset=utf-8";
            ([(header::CONTENT_TYPE, kind)], prometheus.render()).into_response()
        }
        None => confidant_bff::axum::not_found().await.into_response(),
    }
}
