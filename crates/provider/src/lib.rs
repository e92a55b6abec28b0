#![doc = include_str!("../README.md")]

// `provider` is what all endpoints share; `state` what requests change, and
// `settings` what the control API changes. `records` are the codes, sessions,
// consents and token families, and `refresh` the pure decision about a refresh
// token. The folders named after endpoints handle them.

mod authorize;
mod browser;
mod client_authentication;
mod clock;
mod config;
mod controls;
mod cors;
mod decision_log;
mod demo;
mod digest;
mod discovery;
mod dpop;
mod end_session;
mod endpoints;
mod family;
mod fault_injection;
mod faults;
mod introspection;
mod oauth;
mod pages;
mod policy;
mod provider;
mod randomness;
mod records;
mod refresh;
mod request_counts;
mod resource;
mod revocation;
mod router;
mod server;
mod settings;
mod sign_out;
mod signing_key;
mod state;
mod token;

pub use clock::{Clock, SystemClock, UnixTime};
pub use config::{Client, ClientAuthentication, ClientSecret, Config, ConfigError, Framing, User};
pub use controls::{
    error::ControlError,
    operations::ProviderControls,
    presets::{FaultRules, PolicyBody, Preset, fault_presets, policy_presets},
    token_status::TokenStatus,
};
pub use faults::{
    plan::{FaultPlanError, RuleStatus},
    rule::{Fault, FaultRule, FaultRuleError, FaultTiming},
};
pub use policy::{
    AccessTokenLifetime, AtSignOut, DpopNonce, OfflineAccess, OldAccessToken, OldRefreshToken,
    Policy, PolicyChange, RefreshAnswer, RefreshLifetime, RefreshPolicy, Reuse,
};
pub use provider::{Provider, StartError};
pub use randomness::{Randomness, SystemRandomness};
pub use records::state_file::StateFileError;
pub use router::router;
pub use server::{ServeError, run, serve};
pub use settings::ClockOffsets;
pub use signing_key::SigningKeyError;
