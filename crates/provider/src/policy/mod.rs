//! How the provider treats one client, as data.
//!
//! [`client`] is the policy of one client, [`refresh`] the part of it that
//! applies to a refresh, and [`change`] a change to a policy at run time.

mod change;
mod client;
mod refresh;

pub use change::{AccessTokenLifetime, PolicyChange};
pub use client::{AtSignOut, DpopNonce, OfflineAccess, Policy};
pub use refresh::{
    OldAccessToken, OldRefreshToken, RefreshAnswer, RefreshLifetime, RefreshPolicy, Reuse,
};
