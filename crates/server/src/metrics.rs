//! `GET /metrics`, in Prometheus's text format.

use crate::logging;
use axum::{
    Router,
    http::header,
    response::{IntoResponse, Response},
    routing::get,
};
use metrics_exporter_prometheus::{BuildError, Matcher, PrometheusBuilder, PrometheusHandle};
use std::{sync::OnceLock, time::Duration};

/// How often the recorder moves measurements into their buckets.
const UPKEEP_INTERVAL: Duration = Duration::from_secs(5);

/// Bucket bounds of durations, in seconds: from a call within one machine to a
/// provider that does not respond.
const SECONDS_BUCKETS: [f64; 14] = [
    0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0,
];

/// The recorder is global, so its handle is, too.
static PROMETHEUS: OnceLock<PrometheusHandle> = OnceLock::new();

/// Installs the recorder of this process. Does nothing if the process has a
/// recorder already.
///
/// # Errors
/// If the bucket bounds are invalid.
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

/// Moves measurements into their buckets at regular intervals. Never returns.
pub async fn run_upkeep() {
    let mut interval = tokio::time::interval(UPKEEP_INTERVAL);
    loop {
        interval.tick().await;
        metrics::counter!("confidant_log_lines_dropped_total").absolute(logging::dropped_lines());
        if let Some(prometheus) = PROMETHEUS.get() {
            prometheus.run_upkeep();
        }
    }
}

/// Serves the metrics. Responds with 404 if [`install`] installed no recorder.
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
