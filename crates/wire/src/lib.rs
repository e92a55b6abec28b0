//! What crosses between browser and server, for every kind of client.
//!
//! Nothing here can express a token: a [`Fingerprint`] holds three bytes of a
//! digest, enough for the eye to follow a token through a diagram and far too
//! little to be one. The one exception says so in its name: the
//! [`HandedOutAccessToken`] of a token-mediating backend.
//!
//! - [`fingerprint`]: names for tokens
//! - [`exchange`]: one HTTP exchange, as the sequence diagram draws it
//! - [`session`]: who is signed in, with which provider and client kind
//! - [`token`]: the token view, and what an action changed
//! - [`problem`]: errors with a fixed code

pub mod exchange;
pub mod fingerprint;
pub mod problem;
pub mod session;
pub mod token;

pub use exchange::{Exchange, Parameter, Party, Value};
pub use fingerprint::{Fingerprint, TokenKind};
pub use problem::{Code, Problem};
pub use session::{ClientKind, ProviderView, PublicClient, SessionView, SignedIn};
pub use token::{
    Cause, Change, Claims, HandedOutAccessToken, LoginFinished, LoginStarted, Report, SECRET_WORDS,
    SignedOut, TokenStatus, TokenView, Validation, ValidationMethod, shown_extras,
};

/// Milliseconds since 1970-01-01 UTC, by the server's clock.
pub type UnixMillis = u64;
