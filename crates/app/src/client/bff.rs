//! The backend for frontend: every call is a server function.

use super::{AuthorizationResponse, Client, Deed, Reply};
#[cfg(feature = "draw")]
use super::{Held, Place, Portrait, Source};
use crate::{
    endpoint::{self, Failure},
    page::Reading,
};
use confidant_wire::*;
use std::future::Future;

/// RFC 10017, section 6.1.
pub(super) struct Bff;

pub(super) fn reply<T: 'static>(
    call: impl Future<Output = Result<T, Failure>> + Send + 'static,
) -> Reply<T> {
    Box::pin(async { call.await.map_err(|Failure(problem)| problem) })
}

impl Client for Bff {
    fn kind(&self) -> ClientKind {
        ClientKind::BFF
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
        return super::draw_here(path, query);
        #[cfg(not(feature = "ssr"))]
        reply(endpoint::read_page(path, query))
    }

    fn start(&self, provider: String, return_to: String) -> Reply<LoginStarted> {
        let kind = self.kind().id().to_owned();
        reply(endpoint::start_login(provider, kind, Some(return_to)))
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

#[cfg(feature = "draw")]
const PORTRAIT: Portrait = Portrait {
    name: "Backend for frontend",
    section: "6.1",
    summary: "The server signs in, keeps every token, and calls the API for the page. \
              The browser has a cookie that no script can read.",
    headline: "You have a token. Your browser doesn’t.",
    obtained_by: "The server obtained it from",
    obtained_as: "as a confidential client, and keeps it",
    by_hand: "Trades the refresh token for a new pair, with the client secret, on the server.",
    access_token: Place::Server,
    refresh_token: Place::Server,
    browser_holds: "a session cookie that scripts cannot read",
};

#[cfg(feature = "draw")]
impl Source for Bff {
    fn portrait(&self) -> &'static Portrait {
        &PORTRAIT
    }

    fn is_offered(&self, _: &ProviderView) -> bool {
        true
    }

    fn held(&self) -> Reply<Held> {
        Box::pin(async { Ok(Held::default()) })
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
