//! One HTTP exchange in the sequence diagram.

use crate::{Fingerprint, UnixMillis};
use serde::{Deserialize, Serialize};

/// A sender or receiver of requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Party {
    /// The user's browser.
    Browser,
    /// Our server: the confidential client.
    Server,
    /// The authorization server.
    Provider,
    /// A resource server.
    Api,
}

/// The value of a parameter. Secrets are replaced when they are recorded.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Value {
    /// A value that is not secret.
    Text(String),
    /// A token, code or one-time value.
    Token(Fingerprint),
    /// A credential that is not even fingerprinted, such as a client secret.
    Secret,
}

/// A parameter of a request or a response.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parameter {
    /// The name in the standard.
    pub name: String,
    /// The value.
    pub value: Value,
}

/// A request and its response.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Exchange {
    /// A number that increases within one session's log.
    pub id: u64,
    /// The sender of the request.
    pub from: Party,
    /// The receiver of the request.
    pub to: Party,
    /// When the request was sent.
    pub at: UnixMillis,
    /// The time until the response was complete, in milliseconds.
    pub took: u64,
    /// The HTTP method.
    pub method: String,
    /// The path, without query.
    pub path: String,
    /// The parameters of the request.
    pub sent: Vec<Parameter>,
    /// The status of the response. None if there was no response.
    pub status: Option<u16>,
    /// The parameters of the response.
    pub received: Vec<Parameter>,
    /// The size of the response's body in bytes. None if it was not counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bytes: Option<u64>,
}

impl Exchange {
    /// Whether this was a request to a token endpoint.
    pub fn is_token_request(&self) -> bool {
        self.to == Party::Provider && self.sent.iter().any(|p| p.name == "grant_type")
    }
}
