#![doc = include_str!("../README.md")]

mod api;
mod client;
mod digest;
mod dpop;
mod error;
mod http;
mod platform;
mod provider;
mod refresh;
mod report;
mod settings;
mod sign_in;
mod token;
mod worker;

#[cfg(target_arch = "wasm32")]
mod browser;
#[cfg(not(target_arch = "wasm32"))]
#[path = "elsewhere.rs"]
mod browser;

pub use confidant_protocol::{AuthorizationResponse, InvalidReturnTo, Reuse};

pub use api::{ApiPrefix, NotAPrefix};
pub use browser::Browser;
pub use client::{Answer, Coordination, PublicClient, Session, SignedIn, SignedOut};
pub use digest::fingerprint;
pub use dpop::PublicKey;
pub use error::{Error, Kind};
pub use http::{Request, Response, TransportError};
pub use platform::{Area, Platform, Reading};
pub use report::exchange::exchange;
pub use settings::{Sender, Settings, Storage};
pub use token::held::Held;
pub use worker::{ServiceWorkerClient, service_worker};

/// The script of [`Storage::WebWorker`], to be served from the page's origin.
pub const TOKEN_WORKER: &str = include_str!("../assets/token-worker.js");

impl ServiceWorkerClient<Browser> {
    /// A client with these settings, whose worker's script is served there.
    pub fn new(settings: Settings, script: impl Into<String>) -> Self {
        Self::on(Browser, settings, script)
    }
}

impl PublicClient<Browser> {
    /// A client with these settings, in this browser.
    pub fn new(settings: Settings) -> Self {
        Self::on(Browser, settings)
    }
}
