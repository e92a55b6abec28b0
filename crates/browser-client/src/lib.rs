#![doc = include_str!("../README.md")]

mod api_prefix;
mod digest;
mod dpop;
mod error;
mod exchange_log;
mod grant_store;
mod http;
mod mediated;
mod platform;
mod provider;
mod public_client;
mod public_key;
mod refresh;
mod resource;
mod revocation;
mod service_worker;
mod session;
mod settings;
mod sign_in;
mod sign_out;
mod storage;
mod tab_lock;
mod tab_sync;
#[cfg(test)]
mod testing;
#[cfg(test)]
mod tests;
mod token;
mod token_endpoint;
mod token_state;
mod transport;

#[cfg(target_arch = "wasm32")]
mod browser;
#[cfg(not(target_arch = "wasm32"))]
#[path = "native_stub.rs"]
mod browser;

pub use api_prefix::{ApiPrefix, InvalidApiPrefix};
pub use browser::Browser;
pub use confidant_protocol::{AuthorizationResponse, ProviderProfile, Reuse};
pub use digest::fingerprint;
pub use error::{Error, ErrorKind};
pub use http::{Request, Response, TransportError};
pub use mediated::{MediatedClient, TokenMediator};
pub use platform::{Platform, StorageArea, Timestamps, WorkerCommand};
pub use public_client::PublicClient;
pub use public_key::PublicKey;
pub use resource::ApiResponse;
pub use service_worker::{ServiceWorkerClient, script::service_worker};
pub use session::{Session, SignedIn, SignedOut};
pub use settings::{Settings, Storage, TokenBinding};
pub use token::stored_tokens::StoredTokens;

/// The script of [`Storage::WebWorker`], to be served from the page's origin.
pub const TOKEN_WORKER: &str = include_str!("../assets/token-worker.js");
