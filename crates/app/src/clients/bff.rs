//! The backend for frontend: every call is a server function.

use super::{
    descriptor::{Descriptor, TokenLocation},
    oauth_client::{Form, OAuthClient, Reply},
};
use crate::{
    api::{self, Failure},
    page_data::Next,
    routes::Page,
};
use confidant_browser::AuthorizationResponse;
use confidant_wire::{ClientKind, Code, Problem, ProviderView};
use std::future::Future;

/// RFC 10017, section 6.1.
pub(crate) struct Bff;

const DESCRIPTOR: Descriptor = Descriptor {
    name: "Backend for frontend",
    section: "6.1",
    summary: "The server signs in, keeps every token, and calls the API for the page. \
              The browser has a cookie that no script can read.",
    headline: "You have a token. Your browser doesn’t.",
    obtained_by: "The server obtained it from",
    obtained_as: "as a confidential client, and keeps it",
    by_hand: "Trades the refresh token for a new pair, with the client secret, on the server.",
    access_token: TokenLocation::Server,
    refresh_token: TokenLocation::Server,
    browser_holds: "a session cookie that scripts cannot read",
};

/// Returns a server function's answer.
pub(super) fn reply<T: 'static>(
    call: impl Future<Output = Result<T, Failure>> + 'static,
) -> Reply<T> {
    Box::pin(async { call.await.map_err(|Failure(problem)| problem) })
}

/// Returns the address that a server function leads to.
pub(super) fn address(
    call: impl Future<Output = Result<Next, Failure>> + 'static,
) -> Reply<String> {
    Box::pin(async {
        match call.await {
            Ok(Next::GoTo(address)) => Ok(address),
            Ok(Next::Show(_)) => Err(Problem::new(
                Code::Internal,
                "The server’s answer makes no sense.",
            )),
            Err(Failure(problem)) => Err(problem),
        }
    })
}

/// Starts a sign-in with a client of the server, of this kind.
pub(super) fn start(kind: ClientKind, provider: String, return_to: String) -> Reply<String> {
    address(api::start_login(
        provider,
        kind.id().to_owned(),
        Some(return_to),
    ))
}

impl OAuthClient for Bff {
    fn kind(&self) -> ClientKind {
        ClientKind::BFF
    }

    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn is_offered(&self, _: &ProviderView) -> bool {
        true
    }

    fn endpoint(&self, form: Form) -> Option<&'static str> {
        Some(match form {
            Form::SignIn => "/app/start_login",
            Form::FinishSignIn => "/app/finish_login",
            Form::Refresh => "/app/refresh_token",
            Form::ExpireAndCall => "/app/expire_and_call",
            Form::SignOut => "/app/sign_out",
        })
    }

    fn start(&self, provider: String, return_to: String) -> Reply<String> {
        start(self.kind(), provider, return_to)
    }

    fn finish(&self, response: AuthorizationResponse) -> Reply<String> {
        let AuthorizationResponse {
            code,
            state,
            iss,
            error,
            error_description,
            callback,
        } = response;
        address(api::finish_login(
            code,
            state,
            iss,
            error,
            error_description,
            callback,
        ))
    }

    fn view(&self, page: Page) -> Reply<Next> {
        match page {
            Page::Menu | Page::ManualRefresh | Page::Faults => reply(api::view_token()),
            Page::Profile | Page::AutomaticRefresh => reply(api::fetch_profile()),
            Page::Validate => reply(api::validate_token()),
        }
    }

    fn refresh(&self) -> Reply<Next> {
        reply(api::refresh_token())
    }

    fn expire_and_call(&self) -> Reply<Next> {
        reply(api::expire_and_call())
    }

    fn expire(&self) -> Reply<()> {
        expire()
    }

    fn sign_out(&self) -> Reply<String> {
        address(api::sign_out())
    }
}

/// Forgets on the server that the access token is fresh. Uses the HTTP interface
/// of the library, because no page needs this step alone.
pub(super) fn expire() -> Reply<()> {
    reply(async {
        api::post::<leptos::serde::de::IgnoredAny>("/auth/expire", String::new())
            .await
            .map(drop)
    })
}
