//! Counts of requests, for tests that must know how many a client sent.

use std::collections::BTreeMap;

use serde::Serialize;

/// The number of requests since the start.
///
/// The keys are names of the provider and its clients, never text from a
/// request, so that requests cannot add keys without limit.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct RequestCounts {
    /// By method and path: `"POST /token": 3`.
    endpoints: BTreeMap<String, u64>,
    /// Requests to the token endpoint by grant type.
    grant_types: BTreeMap<&'static str, u64>,
    /// Requests to the token endpoint by client and grant type.
    by_client: BTreeMap<String, BTreeMap<&'static str, u64>>,
    /// Requests to the API by the client of the token, successful or not.
    api_by_client: BTreeMap<String, u64>,
}

impl RequestCounts {
    pub(crate) fn count(&mut self, method: &str, path: &str) {
        let count = self.endpoints.entry(format!("{method} {path}"));
        *count.or_default() += 1;
    }

    /// Counts a token request of an authenticated client.
    pub(crate) fn count_grant(&mut self, client: &str, grant_type: &'static str) {
        *self.grant_types.entry(grant_type).or_default() += 1;
        let client = self.by_client.entry(client.to_owned()).or_default();
        *client.entry(grant_type).or_default() += 1;
    }

    /// Counts a request to the API with a token of `client`.
    pub(crate) fn count_api(&mut self, client: &str) {
        *self.api_by_client.entry(client.to_owned()).or_default() += 1;
    }
}
