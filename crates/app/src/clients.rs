//! One menu, many clients: the trait that every client kind implements, and the
//! kinds. A new kind is a file in this folder, a line in
//! [`EVERY_KIND`](crate::EVERY_KIND) and its name in `routes`.

mod bff;
mod browser;
mod browser_dpop;
mod descriptor;
pub(crate) mod linked;
mod mediated;
pub(crate) mod oauth_client;
mod public;
mod worker;

pub(crate) use bff::Bff;
pub(crate) use browser::BROWSER;
pub(crate) use browser_dpop::BROWSER_DPOP;
pub(crate) use confidant_browser::AuthorizationResponse;
pub use descriptor::TokenLocation;
#[cfg(feature = "ssr")]
pub(crate) use linked::choices;
pub use linked::{Frontend, link};
pub(crate) use linked::{client, linked, offered, other_kind};
pub(crate) use mediated::Mediated;
pub use oauth_client::{Form, OAuthClient, Reply};
#[cfg(feature = "ssr")]
pub(crate) use public::provider_settings;
pub(crate) use public::{providers, set_providers};
pub(crate) use worker::WORKER;
#[cfg(feature = "ssr")]
pub(crate) use worker::script as service_worker;
