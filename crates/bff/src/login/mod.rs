//! Sign-in, in two steps: the authorization request, and the authorization
//! response.
//!
//! - `start`: stores what the response must match, and sends the browser away
//! - `finish`: checks the response and starts the session
//! - `exchange`: exchanges the code, and learns who the user is
//! - `replace`: the new session takes the place of the browser's old one
//! - `request`: the authorization request
//! - `parameters`: what the application chooses for one sign-in
//! - `pending`: what is stored between the two steps
//! - `record`: the browser's part in the exchange log
//! - [`error`]: why a sign-in fails

pub(crate) mod error;
mod exchange;
mod finish;
mod parameters;
mod pending;
mod record;
mod replace;
pub(crate) mod request;
mod start;

pub use error::LoginError;
pub use parameters::SignInParameters;
pub(crate) use pending::LOGIN_LIFETIME;
pub use pending::{PendingLogin, Renewal};
pub use start::LoginRequest;

use crate::{
    clock::Clock,
    components::Components,
    exchange_log::ExchangeLog,
    metrics::Metrics,
    provider::Providers,
    random::{self, Random},
    refresh::RefreshEngine,
    session::Sessions,
    settings::Settings,
};
use std::sync::Arc;

/// What a sign-in needs of the library.
pub(crate) struct Login<'a> {
    settings: &'a Settings,
    sessions: &'a Sessions,
    providers: &'a Providers,
    engine: &'a RefreshEngine,
    exchange_log: &'a ExchangeLog,
    metrics: &'a Metrics,
    clock: &'a Arc<dyn Clock>,
    random: &'a Arc<dyn Random>,
}

impl<'a> Login<'a> {
    pub(crate) fn of(components: &'a Components) -> Self {
        Self {
            settings: &components.settings,
            sessions: &components.sessions,
            providers: &components.providers,
            engine: &components.engine,
            exchange_log: &components.exchange_log,
            metrics: &components.metrics,
            clock: &components.clock,
            random: &components.random,
        }
    }

    fn secret(&self) -> String {
        random::secret(self.random.as_ref())
    }
}
