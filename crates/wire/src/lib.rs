//! The data that browser and server exchange, for every kind of client.
//!
//! These types cannot contain a token. A [`Fingerprint`] holds three bytes of a
//! digest: enough to recognise a token in a diagram, and useless as a token. The
//! only exception is the [`HandedOutAccessToken`] of a token-mediating backend.
//!
//! - [`fingerprint`]: short names of tokens
//! - [`exchange`]: one HTTP exchange in the sequence diagram
//! - [`session`]: the user, the provider and the client kind of a session
//! - [`token`]: the token view, and the change that an action made
//! - [`problem`]: errors with fixed codes

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
