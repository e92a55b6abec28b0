//! The token-mediating backend (RFC 10017, section 6.2): the session and its
//! refresh token are the server's, the access token is handed to the page,
//! which calls the API itself and never stores it.

mod handed;

use super::{
    AuthorizationResponse, Client, Deed, Held, Place, Portrait, Reply, Source,
    bff::{self, reply},
    draw_here,
};
use crate::{endpoint, page::Reading};
use confidant_wire::*;

/// RFC 10017, section 6.2.
pub(super) struct Mediated;

const PORTRAIT: Portrait = Portrait {
    name: "Token-mediating backend",
    section: "6.2",
    summary: "The server signs in and keeps the refresh token. It hands the page an access token \
              of no more scope than asked, and the page calls the API itself.",
    headline: "You have a token. Your browser has a copy for a while.",
    obtained_by: "The server obtained it from",
    obtained_as: "as a confidential client, and hands the page access tokens that it does not store",
    by_hand: "Has the server trade the refresh token, with the client secret. The page fetches an access token for its next call.",
    access_token: Place::Browser("the page’s memory"),
    refresh_token: Place::Server,
    browser_holds: "a session cookie that scripts cannot read, and the access token in memory",
};

impl Client for Mediated {
    fn kind(&self) -> ClientKind {
        ClientKind::MEDIATED
    }

    fn form(&self, deed: Deed) -> Option<&'static str> {
        // Signing in and out goes without scripts, using the token does not.
        match deed {
            Deed::SignIn | Deed::Finish | Deed::SignOut => bff::Bff.form(deed),
            Deed::Refresh | Deed::Expire => None,
        }
    }

    fn read(&self, path: String, query: String) -> Reply<Reading> {
        draw_here(path, query)
    }

    fn start(&self, provider: String, return_to: String) -> Reply<LoginStarted> {
        let kind = self.kind().id().to_owned();
        reply(endpoint::start_login(provider, kind, Some(return_to)))
    }

    fn finish(&self, response: AuthorizationResponse) -> Reply<LoginFinished> {
        bff::Bff.finish(response)
    }

    fn refresh(&self) -> Reply<TokenView> {
        handed::forget();
        reply(endpoint::refresh_token())
    }

    fn expire(&self) -> Reply<TokenView> {
        handed::expire();
        reply(endpoint::expire_token())
    }

    fn sign_out(&self) -> Reply<SignedOut> {
        handed::forget();
        reply(endpoint::sign_out())
    }
}

impl Source for Mediated {
    fn portrait(&self) -> &'static Portrait {
        &PORTRAIT
    }

    fn is_offered(&self, provider: &ProviderView) -> bool {
        provider.mediated
    }

    fn session(&self) -> Reply<SessionView> {
        reply(endpoint::view_session())
    }

    fn token(&self) -> Reply<TokenView> {
        handed::view()
    }

    fn held(&self) -> Reply<Held> {
        handed::held()
    }

    fn profile(&self) -> Reply<Claims> {
        handed::profile()
    }

    fn validate(&self) -> Reply<Validation> {
        // The server's word on the server's grant.
        reply(endpoint::validate_token())
    }

    fn report(&self) -> Reply<Report> {
        handed::report()
    }
}
