#![doc = include_str!("../README.md")]

mod authorize;
mod browser;
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
mod settings;
mod signing_key;
mod token;

use std::{future::Future, io, net::SocketAddr};

use thiserror::Error;
use tokio::net::TcpListener;

pub use clock::{Clock, SystemClock, UnixTime};
pub use config::{Client, ClientAuthentication, ClientSecret, Config, Framing, User};
pub use controls::operations::ControlError;
pub use controls::presets::{FaultRules, PolicyBody, Preset, fault_presets, policy_presets};
pub use controls::token_status::TokenStatus;
pub use faults::plan::{FaultPlanError, RuleStatus};
pub use faults::rule::{Fault, FaultRule, FaultRuleError, FaultTiming};
pub use policy::{
    AccessTokenLifetime, AtSignOut, DpopNonce, OfflineAccess, OldAccessToken, OldRefreshToken,
    Policy, PolicyChange, RefreshAnswer, RefreshLifetime, RefreshPolicy, Reuse,
};
pub use provider::{Provider, StartError};
pub use randomness::{Randomness, SystemRandomness};
pub use records::state_file::StateFileError;
pub use router::router;
pub use settings::ClockOffsets;
pub use signing_key::SigningKeyError;

/// Why a provider stopped, or never started.
#[derive(Debug, Error)]
pub enum ServeError {
    /// It could not start.
    #[error(transparent)]
    Start(#[from] StartError),
    /// Its listener failed.
    #[error("the provider's listener failed: {0}")]
    Listener(#[from] io::Error),
}

/// Starts a provider and serves it on `listener` until `shutdown` is done and
/// the requests under way are answered.
pub async fn serve(
    config: Config,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    run(Provider::start(config)?, listener, shutdown).await
}

/// Serves a provider that was started by somebody who wants to set its faults
/// and policies directly; otherwise as [`serve`].
pub async fn run(
    provider: Provider,
    listener: TcpListener,
    shutdown: impl Future<Output = ()> + Send + 'static,
) -> Result<(), ServeError> {
    // The control API asks where a call comes from.
    let service = router(provider).into_make_service_with_connect_info::<SocketAddr>();
    axum::serve(listener, service)
        .with_graceful_shutdown(shutdown)
        .await?;
    Ok(())
}
