//! The backend for frontend: every call is a server function.

use super::{AuthorizationResponse, Client, Deed, Reply};
use crate::{
    endpoint::{self, Failure},
    page::Reading,
};
use std::future::Future;
use wire::*;

/// RFC 10017, section 6.1.
pub(super) struct Bff;

fn reply<T: 'static>(call: impl Future<Output = Result<T, Failure>> + Send + 'static) -> Reply<T> {
    Box::pin(async { call.await.map_err(|Failure(problem)| problem) })
}

impl Client for Bff {
    fn kind(&self) -> ClientKind {
        ClientKind::Bff
    }

    fn form(&self, deed: Deed) -> Option<&'static str> {
        Some(match deed {
            Deed::SignIn => "/auth/login/start",
            Deed::Finish => "/auth/login/finish",
            Deed::Refresh => "/auth/refresh",
            Deed::Expire => "/auth/expire",
            Deed::SignOut => "/auth/logout",
        })
    }

    fn read(&self, path: String, query: String) -> Reply<Reading> {
        #[cfg(feature = "ssr")]
        return Box::pin(async move { Ok(crate::draw::page(path, &query).await) });
        #[cfg(not(feature = "ssr"))]
        reply(endpoint::read_page(path, query))
    }

    fn start(&self, provider: String, return_to: String) -> Reply<LoginStarted> {
        let kind = self.kind().id().to_owned();
        reply(endpoint::start_login(provider, kind, return_to))
    }

    fn finish(&self, response: AuthorizationResponse) -> Reply<LoginFinished> {
        let AuthorizationResponse {
            code,
            state,
            iss,
            error,
        } = response;
        reply(endpoint::finish_login(code, state, iss, error, None))
    }

    fn refresh(&self) -> Reply<TokenView> {
        reply(endpoint::refresh_token())
    }

    fn expire(&self) -> Reply<TokenView> {
        reply(endpoint::expire_token())
    }

    fn sign_out(&self) -> Reply<SignedOut> {
        reply(endpoint::sign_out())
    }
}

impl super::Source for Bff {
    fn name(&self) -> &'static str {
        "Backend for frontend"
    }

    fn headline(&self) -> &'static str {
        "You have a token. Your browser doesn’t."
    }

    fn whereabouts(&self) -> &'static str {
        "as a confidential client, and keeps it"
    }

    fn by_hand(&self) -> &'static str {
        "Trades the refresh token for a new pair, with the client secret, on the server."
    }

    fn place(&self) -> super::Place {
        super::Place::Server
    }

    fn browser_holds(&self) -> &'static str {
        "a session cookie that scripts cannot read"
    }

    fn session(&self) -> Reply<SessionView> {
        reply(endpoint::view_session())
    }

    fn token(&self) -> Reply<TokenView> {
        reply(endpoint::view_token())
    }

    fn profile(&self) -> Reply<Claims> {
        reply(endpoint::fetch_profile())
    }

    fn validate(&self) -> Reply<Validation> {
        reply(endpoint::validate_token())
    }

    fn report(&self) -> Reply<Report> {
        reply(endpoint::read_log())
    }
}
