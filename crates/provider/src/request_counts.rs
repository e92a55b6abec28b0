//! Counts of requests, so that a test can tell how many there were.

use std::collections::BTreeMap;

use serde::Serialize;

/// How many requests there were since the start.
///
/// The names counted are the provider's own and its clients', never a
/// caller's text, so the counts cannot be made to grow.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct RequestCounts {
    /// By method and path: `"POST /token": 3`.
    endpoints: BTreeMap<String, u64>,
    /// Of the token endpoint, by grant type.
    grant_types: BTreeMap<&'static str, u64>,
    /// Of the token endpoint, by client and grant type.
    by_client: BTreeMap<String, BTreeMap<&'static str, u64>>,
    /// Of the API, by the client that the token was given to, whatever came
    /// of the request.
    api_by_client: BTreeMap<String, u64>,
}

impl RequestCounts {
    pub(crate) fn count(&mut self, method: &str, path: &str) {
        *self
            .endpoints
            .entry(format!("{method} {path}"))
            .or_default() += 1;
    }

    /// Counts a token request by a client that authenticated.
    pub(crate) fn count_grant(&mut self, client: &str, grant_type: &'static str) {
        *self.grant_types.entry(grant_type).or_default() += 1;
        let client = self.by_client.entry(client.to_owned()).or_default();
        *client.entry(grant_type).or_default() += 1;
    }

    /// Counts a request to the API with a token of `client`'s.
    pub(crate) fn count_api(&mut self, client: &str) {
        *self.api_by_client.entry(client.to_owned()).or_default() += 1;
    }
}
