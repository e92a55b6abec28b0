//! Metrics for operators, counted through the `metrics` crate: an application
//! that installs a recorder sees them. No label holds anything secret, and
//! every label takes few values.

use crate::revocation::RevocationQueueLength;
use metrics::{
    SharedString, Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge,
    histogram,
};
use std::{sync::Arc, time::Duration};

/// The names of all metrics, under the prefix of the deployment; cheap to clone.
#[derive(Clone, Debug)]
pub struct Metrics(Arc<MetricNames>);

macro_rules! metric_names {
    ($($field:ident = $suffix:literal),+ $(,)?) => {
        #[derive(Debug)]
        struct MetricNames { $($field: SharedString),+ }

        impl MetricNames {
            fn with_prefix(prefix: &str) -> Self {
                Self { $($field: SharedString::from_shared(format!("{prefix}_{}", $suffix).into())),+ }
            }
        }
    };
}

metric_names! {
    token_requests = "token_requests_total",
    token_request_seconds = "token_request_seconds",
    refresh_waiters = "refresh_waiters",
    refresh_wait_seconds = "refresh_wait_seconds",
    refreshes_ahead = "refreshes_ahead_total",
    leases_taken_over = "leases_stolen_total",
    forwarded_requests = "forwarded_requests_total",
    forwarded_request_seconds = "forwarded_request_seconds",
    sessions = "sessions",
    sessions_begun = "sessions_begun_total",
    sessions_ended = "sessions_ended_total",
    revocations = "revocations_total",
    revocation_queue = "revocation_queue",
}

impl Default for Metrics {
    fn default() -> Self {
        Self::with_prefix("bff")
    }
}

impl Metrics {
    /// Names every metric with this prefix.
    pub fn with_prefix(prefix: &str) -> Self {
        Self(Arc::new(MetricNames::with_prefix(prefix)))
    }

    /// Describes every metric to the recorder, which must be installed by now.
    pub fn describe(&self) {
        let names = &*self.0;
        describe_counter!(
            names.token_requests.clone(),
            "Token requests, by provider and outcome"
        );
        describe_histogram!(
            names.token_request_seconds.clone(),
            Unit::Seconds,
            "Duration of token requests"
        );
        describe_gauge!(
            names.refresh_waiters.clone(),
            "Callers that wait for a refresh at this moment"
        );
        describe_histogram!(
            names.refresh_wait_seconds.clone(),
            Unit::Seconds,
            "How long callers waited for a token"
        );
        describe_counter!(
            names.refreshes_ahead.clone(),
            "Requests served at once while the refresh ran behind them"
        );
        describe_counter!(
            names.leases_taken_over.clone(),
            "Refreshes taken over from a process that disappeared"
        );
        describe_counter!(
            names.forwarded_requests.clone(),
            "Forwarded requests, by API and status"
        );
        describe_histogram!(
            names.forwarded_request_seconds.clone(),
            Unit::Seconds,
            "How long forwarded requests took until their answers began"
        );
        describe_gauge!(
            names.sessions.clone(),
            "Stored sessions, as last counted by this process"
        );
        describe_counter!(names.sessions_begun.clone(), "Sessions begun, by provider");
        describe_counter!(names.sessions_ended.clone(), "Sessions ended, by reason");
        describe_counter!(
            names.revocations.clone(),
            "Attempts to revoke the tokens of ended sessions, by provider, outcome and reason"
        );
        describe_gauge!(
            names.revocation_queue.clone(),
            "Ended sessions whose tokens are still to be revoked, by whether an attempt has failed"
        );
        // A metric without events is zero, not absent.
        counter!(names.refreshes_ahead.clone()).increment(0);
        counter!(names.leases_taken_over.clone()).increment(0);
        gauge!(names.refresh_waiters.clone()).set(0.0);
    }

    pub(crate) fn token_request(&self, provider: &str, outcome: &'static str, took: Duration) {
        let provider = provider.to_owned();
        counter!(
            self.0.token_requests.clone(),
            "provider" => provider.clone(), "outcome" => outcome
        )
        .increment(1);
        histogram!(self.0.token_request_seconds.clone(), "provider" => provider).record(took);
    }

    pub(crate) fn refreshed_ahead(&self) {
        counter!(self.0.refreshes_ahead.clone()).increment(1);
    }

    pub(crate) fn lease_taken_over(&self) {
        counter!(self.0.leases_taken_over.clone()).increment(1);
    }

    /// `status` is what the browser got.
    pub(crate) fn forwarded(&self, api: &Arc<str>, status: u16, took: Duration) {
        let status = status.to_string();
        counter!(
            self.0.forwarded_requests.clone(),
            "api" => api.clone(), "status" => status
        )
        .increment(1);
        histogram!(self.0.forwarded_request_seconds.clone(), "api" => api.clone()).record(took);
    }

    pub(crate) fn session_begun(&self, provider: &str) {
        counter!(self.0.sessions_begun.clone(), "provider" => provider.to_owned()).increment(1);
    }

    pub(crate) fn stored_sessions(&self, count: u64) {
        // A gauge is a float, which holds counts up to 2^53 exactly.
        gauge!(self.0.sessions.clone()).set(count as f64);
    }

    pub(crate) fn sessions_expired(&self, count: u64) {
        counter!(self.0.sessions_ended.clone(), "reason" => "ran_out").increment(count);
    }

    pub(crate) fn session_ended(&self, reason: &'static str) {
        counter!(self.0.sessions_ended.clone(), "reason" => reason).increment(1);
    }

    pub(crate) fn revocation(&self, provider: &str, outcome: &'static str, reason: &'static str) {
        counter!(
            self.0.revocations.clone(),
            "provider" => provider.to_owned(), "outcome" => outcome, "reason" => reason
        )
        .increment(1);
    }

    pub(crate) fn revocation_queue(&self, length: RevocationQueueLength) {
        let name = &self.0.revocation_queue;
        let waiting = length.queued.saturating_sub(length.retrying);
        gauge!(name.clone(), "state" => "waiting").set(waiting as f64);
        gauge!(name.clone(), "state" => "retrying").set(length.retrying as f64);
    }

    /// Counts a caller as waiting for as long as the guard lives.
    pub(crate) fn waiting(&self) -> Waiting {
        gauge!(self.0.refresh_waiters.clone()).increment(1.0);
        Waiting {
            metrics: self.clone(),
            since: tokio::time::Instant::now(),
        }
    }
}

/// A caller that waits for a refresh.
pub(crate) struct Waiting {
    metrics: Metrics,
    since: tokio::time::Instant,
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let names = &self.metrics.0;
        gauge!(names.refresh_waiters.clone()).decrement(1.0);
        histogram!(names.refresh_wait_seconds.clone()).record(self.since.elapsed());
    }
}
