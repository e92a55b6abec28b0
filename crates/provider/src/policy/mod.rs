//! How the provider treats one client, as data.
//!
//! [`client`] has the policy of a client, [`refresh`] the part about refreshes,
//! and [`change`] changes to a policy at run time.

mod change;
mod client;
mod refresh;

pub use change::{AccessTokenLifetime, PolicyChange};
pub use client::{AtSignOut, DpopNonce, OfflineAccess, Policy};
pub use refresh::{
    OldAccessToken, OldRefreshToken, RefreshAnswer, RefreshLifetime, RefreshPolicy, Reuse,
};
