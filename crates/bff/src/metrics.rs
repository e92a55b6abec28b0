//! Figures for operators: counted here by name, shown by whoever installs a
//! recorder for the `metrics` crate. None carries anything secret, and every
//! label takes few values.

use crate::refresh::Outcome;
use metrics::{
    Unit, counter, describe_counter, describe_gauge, describe_histogram, gauge, histogram,
};
use std::{sync::Arc, time::Duration};

const FLIGHTS: &str = "confidant_token_requests_total";
const FLIGHT_TIME: &str = "confidant_token_request_seconds";
const WAITING: &str = "confidant_refresh_waiters";
const WAITED: &str = "confidant_refresh_wait_seconds";
const AHEAD: &str = "confidant_refreshes_ahead_total";
const STOLEN: &str = "confidant_leases_stolen_total";
const FORWARDED: &str = "confidant_forwarded_requests_total";
const FORWARD_TIME: &str = "confidant_forwarded_request_seconds";
const SESSIONS: &str = "confidant_sessions";
const BEGUN: &str = "confidant_sessions_begun_total";
const ENDED: &str = "confidant_sessions_ended_total";

/// Says what each figure means. To be called once, after a recorder is installed.
pub fn describe() {
    describe_counter!(FLIGHTS, "Token requests, by provider and outcome");
    describe_histogram!(FLIGHT_TIME, Unit::Seconds, "How long token requests took");
    describe_gauge!(WAITING, "Callers that wait for a refresh at this moment");
    describe_histogram!(WAITED, Unit::Seconds, "How long callers waited for a token");
    describe_counter!(
        AHEAD,
        "Calls served at once while the refresh ran behind them"
    );
    describe_counter!(STOLEN, "Flights found whose process was gone");
    describe_counter!(FORWARDED, "Calls to APIs, by API and status");
    describe_histogram!(
        FORWARD_TIME,
        Unit::Seconds,
        "How long calls to APIs took until their answers began"
    );
    describe_gauge!(SESSIONS, "Stored sessions, as last counted by this process");
    describe_counter!(BEGUN, "Sessions begun, by provider");
    describe_counter!(ENDED, "Sessions ended, by reason");
    // What has not happened yet is a nought, not a gap.
    counter!(AHEAD).increment(0);
    counter!(STOLEN).increment(0);
    gauge!(WAITING).set(0.0);
}

pub(crate) fn exchange(provider: &str, outcome: &Outcome, took: Duration) {
    let provider = provider.to_owned();
    counter!(FLIGHTS, "provider" => provider.clone(), "outcome" => outcome.name()).increment(1);
    histogram!(FLIGHT_TIME, "provider" => provider).record(took);
}

pub(crate) fn ahead() {
    counter!(AHEAD).increment(1);
}

pub(crate) fn lease_stolen() {
    counter!(STOLEN).increment(1);
}

/// `status` is what the browser got.
pub(crate) fn forwarded(api: &Arc<str>, status: u16, took: Duration) {
    let status = status.to_string();
    counter!(FORWARDED, "api" => api.clone(), "status" => status).increment(1);
    histogram!(FORWARD_TIME, "api" => api.clone()).record(took);
}

pub(crate) fn session_begun(provider: &str) {
    counter!(BEGUN, "provider" => provider.to_owned()).increment(1);
}

pub(crate) fn sessions(stored: u64) {
    // A gauge is a float; a count is exact in it up to 2^53.
    gauge!(SESSIONS).set(stored as f64);
}

pub(crate) fn sessions_ran_out(count: u64) {
    counter!(ENDED, "reason" => "ran_out").increment(count);
}

pub(crate) fn session_ended(reason: &'static str) {
    counter!(ENDED, "reason" => reason).increment(1);
}

/// A caller that waits, for as long as this lives.
pub(crate) struct Waiting(tokio::time::Instant);

impl Waiting {
    pub(crate) fn begin() -> Self {
        gauge!(WAITING).increment(1.0);
        Self(tokio::time::Instant::now())
    }
}

impl Drop for Waiting {
    fn drop(&mut self) {
        gauge!(WAITING).decrement(1.0);
        histogram!(WAITED).record(self.0.elapsed());
    }
}
