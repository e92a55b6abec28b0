//! The confidential client of a browser application (a backend for frontend,
//! RFC 10017, section 6.1), as a library: sign-in, sessions, refresh, and calls
//! with the token attached. No token ever leaves it towards the browser, but
//! the access token of a session that was begun as token-mediating.
//!
//! - [`Bff`]: one method for each endpoint
//! - [`settings`]: what a deployment says about itself
//! - [`visit`]: what a request brings along
//! - [`login`] and `sign_in`: authorization request and response
//! - `renewal`: the silent way back to a session
//! - [`session`]: who is signed in, and until when
//! - [`grant`]: tokens, and sealing them
//! - [`refresh`]: the refresh engine
//! - [`forward`]: calls to APIs with the token attached
//! - `mediated`: access tokens for pages, where that is configured
//! - [`provider`]: how providers differ, and how they are spoken to
//! - [`transport`], [`store`], [`journal`]: HTTP, database, sequence diagram
//! - [`figures`]: counted for operators
//! - [`clock`], [`random`], [`digest`]: passed in, or pure

mod bff;
mod cache;
pub mod clock;
pub mod digest;
mod error;
pub mod exchange_log;
pub mod forward;
pub mod grant;
pub mod http_client;
pub mod login;
mod mediated;
pub mod metrics;
pub mod provider;
pub mod random;
pub mod refresh;
pub mod request_cookies;
mod reuse_override;
pub mod session;
pub mod settings;
mod silent_reauthentication;
mod single_flight;
pub mod store;

pub use bff::{Bff, SetupError};
pub use exchange_log::BrowserExchange;
pub use login::AuthorizationResponse;
pub use request_cookies::{Answer, RequestCookies};
pub use store::cipher::keygen;
