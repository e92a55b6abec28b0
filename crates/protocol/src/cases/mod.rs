//! Tables of cases that every client runs against its own code.

pub mod authorization_response;
pub mod id_token;
pub mod loopback;
pub mod profiles;
pub mod redaction;
pub mod refresh_policy;
pub mod return_to;
pub mod token_outcome;
pub mod token_response;
