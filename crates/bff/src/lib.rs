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

mod belief;
mod bff;
pub mod clock;
pub mod digest;
mod error;
pub mod figures;
pub mod forward;
pub mod grant;
pub mod journal;
mod leg;
pub mod login;
mod mediated;
pub mod provider;
pub mod random;
pub mod refresh;
mod renewal;
pub mod session;
pub mod settings;
mod sign_in;
pub mod store;
pub mod transport;
pub mod visit;

pub use bff::{Bff, SetupError};
pub use grant::vault::keygen;
pub use leg::BrowserLeg;
pub use login::AuthorizationResponse;
pub use visit::{Answer, Visit};
