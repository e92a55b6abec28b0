//! The users' consent to clients.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::oauth::scope::Scope;

/// The scope that each user has allowed each client.
#[derive(Default, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Consents {
    /// By subject, then by client.
    by_subject: BTreeMap<String, BTreeMap<String, Scope>>,
}

impl Consents {
    pub(crate) fn get(&self, subject: &str, client: &str) -> Option<&Scope> {
        self.by_subject.get(subject)?.get(client)
    }

    /// Adds `scope` to what the user allows the client.
    pub(crate) fn add(&mut self, subject: &str, client: &str, scope: &Scope) {
        let clients = self.by_subject.entry(subject.to_owned()).or_default();
        let allowed = clients.entry(client.to_owned()).or_default();
        *allowed = std::mem::take(allowed).union(scope);
    }
}
