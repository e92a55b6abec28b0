//! One HTTP exchange, as the sequence diagram draws it.

use crate::{Fingerprint, UnixMillis};
use serde::{Deserialize, Serialize};

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    /// The person's browser.
    Browser,
    /// Our server: the confidential client.
    Server,
    /// The authorization server.
    Provider,
    /// A resource server.
    Api,
}

/// What a parameter held. Secrets were replaced where they were recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// Nothing secret: shown as it was.
    Text(String),
    /// A token, code or one-time value.
    Token(Fingerprint),
    /// A credential that is not even fingerprinted, such as a client secret.
    Secret,
}

/// One named value of a request or an answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parameter {
    /// The name the standard gives it.
    pub name: String,
    /// What it held.
    pub value: Value,
}

/// One request and its answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// Counts up within one session's log.
    pub id: u64,
    /// Who asked.
    pub from: Party,
    /// Who was asked.
    pub to: Party,
    /// When the request left.
    pub at: UnixMillis,
    /// How long until the answer was complete, in milliseconds.
    pub took: u64,
    /// The HTTP method.
    pub method: String,
    /// The path, without query.
    pub path: String,
    /// What the request carried.
    pub sent: Vec<Parameter>,
    /// The answer's status; none where no answer came.
    pub status: Option<u16>,
    /// What the answer carried.
    pub received: Vec<Parameter>,
    /// Bytes of the answer's body; none where nobody counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
}

impl Exchange {
    /// Whether this was a request to a token endpoint.
    pub fn is_token_request(&self) -> bool {
        self.to == Party::Provider && self.sent.iter().any(|p| p.name == "grant_type")
    }
}
