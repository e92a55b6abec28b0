//! The part of a sign-in that went through the browser, in the exchange log.

use super::{Login, PendingLogin};
use crate::{
    exchange_log::redaction,
    grant::{Grant, GrantId},
    request_cookies::RequestCookies,
};
use confidant_protocol::AuthorizationResponse;
use confidant_wire::{Exchange, Party, UnixMillis};
use url::Url;

/// The browser's request that finishes the sign-in.
pub(super) struct Recording {
    exchange: Option<u64>,
    arrived: UnixMillis,
}

impl Login<'_> {
    /// Records the authorization request and the request that finishes the
    /// sign-in.
    pub(super) fn record(
        &self,
        grant: &GrantId,
        login: &PendingLogin,
        response: &AuthorizationResponse,
        arrived: UnixMillis,
    ) -> Recording {
        Recording {
            exchange: self.record_exchanges(grant, login, response, arrived),
            arrived,
        }
    }

    fn record_exchanges(
        &self,
        grant: &GrantId,
        login: &PendingLogin,
        response: &AuthorizationResponse,
        arrived: UnixMillis,
    ) -> Option<u64> {
        let url = Url::parse(&login.authorization_url).ok()?;
        let received: Vec<_> = [
            ("code", &response.code),
            ("state", &response.state),
            ("iss", &response.iss),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some(redaction::parameter(name, value.as_deref()?)))
        .collect();
        self.exchange_log.record_exchange(
            grant,
            Exchange {
                id: 0,
                from: Party::Browser,
                to: Party::Provider,
                at: login.began_at,
                took: arrived.saturating_sub(login.began_at),
                method: "GET".into(),
                path: url.path().to_owned(),
                sent: redaction::pairs(url.query().unwrap_or_default().as_bytes()),
                status: Some(303),
                received: received.clone(),
                bytes: None,
            },
        );
        self.exchange_log.record_exchange(
            grant,
            Exchange {
                id: 0,
                from: Party::Browser,
                to: Party::Server,
                at: arrived,
                took: 0,
                method: "POST".into(),
                path: self.settings.paths.endpoint("login/finish"),
                sent: received,
                status: None,
                received: Vec::new(),
                bytes: None,
            },
        )
    }

    /// Records that the sign-in is finished.
    pub(super) fn record_finished(
        &self,
        recording: Recording,
        cookies: &RequestCookies,
        grant: &Grant,
    ) {
        let now = self.clock.now();
        if let Some(exchange) = recording.exchange {
            self.exchange_log.update(&grant.id, exchange, |exchange| {
                exchange.took = now.saturating_sub(recording.arrived);
                // A form is answered with a redirect, a script with JSON.
                exchange.status = Some(if cookies.navigation { 303 } else { 200 });
            });
        }
    }
}
