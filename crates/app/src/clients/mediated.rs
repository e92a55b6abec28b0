//! The token-mediating backend (RFC 10017, section 6.2): the session and its
//! refresh token are the server's, the access token is handed to the page,
//! which calls the API itself and never stores it.

mod page_client;

use super::{
    bff::{self, reply},
    descriptor::{Descriptor, TokenLocation},
    oauth_client::{Form, OAuthClient, Reply},
    public::publish,
};
use crate::{
    api,
    page_data::{Next, Outcome, PageData},
    routes::Page,
};
use confidant_browser::AuthorizationResponse;
use confidant_wire::{ClientKind, Code, Problem, ProviderView};

/// RFC 10017, section 6.2.
pub(crate) struct Mediated;

const DESCRIPTOR: Descriptor = Descriptor {
    name: "Token-mediating backend",
    section: "6.2",
    summary: "The server signs in and keeps the refresh token. It hands the page an access token \
              of no more scope than asked, and the page calls the API itself.",
    headline: "You have a token. Your browser has a copy for a while.",
    obtained_by: "The server obtained it from",
    obtained_as: "as a confidential client, and hands the page access tokens that it does not store",
    by_hand: "Has the server trade the refresh token, with the client secret. The page fetches an access token for its next call.",
    access_token: TokenLocation::Browser("the page’s memory"),
    refresh_token: TokenLocation::Server,
    browser_holds: "a session cookie that scripts cannot read, and the access token in memory",
};

/// Asks the server for what the page shows, and adds what the page itself knows.
async fn show(
    outcome: Option<Result<Outcome, Problem>>,
    server: Reply<Next>,
) -> Result<Next, Problem> {
    Ok(match server.await? {
        Next::Show(data) => {
            let outcome = outcome.unwrap_or(data.outcome.clone());
            Next::Show(Box::new(publish(page_client::add_to(PageData {
                outcome,
                ..*data
            }))))
        }
        go_to => go_to,
    })
}

impl OAuthClient for Mediated {
    fn kind(&self) -> ClientKind {
        ClientKind::MEDIATED
    }

    fn descriptor(&self) -> &'static Descriptor {
        &DESCRIPTOR
    }

    fn is_offered(&self, provider: &ProviderView) -> bool {
        provider.mediated
    }

    fn endpoint(&self, form: Form) -> Option<&'static str> {
        // Signing in and out works without scripts, using the token does not.
        match form {
            Form::SignIn | Form::FinishSignIn | Form::SignOut => bff::Bff.endpoint(form),
            Form::Refresh | Form::ExpireAndCall => None,
        }
    }

    fn start(&self, provider: String, return_to: String) -> Reply<String> {
        bff::start(self.kind(), provider, return_to)
    }

    fn finish(&self, response: AuthorizationResponse) -> Reply<String> {
        bff::Bff.finish(response)
    }

    fn view(&self, page: Page) -> Reply<Next> {
        Box::pin(async move {
            match page {
                // The page calls the provider itself.
                Page::Profile | Page::AutomaticRefresh => {
                    let profile = page_client::profile().await.map(Outcome::Profile);
                    show(Some(profile), reply(api::view_token())).await
                }
                // The server's answer about the server's grant.
                Page::Validate => show(None, reply(api::validate_token())).await,
                Page::Menu | Page::ManualRefresh | Page::Faults => {
                    show(None, reply(api::view_token())).await
                }
            }
        })
    }

    fn refresh(&self) -> Reply<Next> {
        page_client::client().forget();
        Box::pin(show(None, reply(api::refresh_token())))
    }

    fn expire_and_call(&self) -> Reply<Next> {
        let (expired, called) = (self.expire(), self.view(Page::AutomaticRefresh));
        Box::pin(async {
            expired.await?;
            let next = called.await?;
            if let Next::Show(data) = &next
                && let Err(problem) = &data.outcome
                && problem.code == Code::Reauthorize
            {
                // The server renews a session silently when a page is opened.
                let page = Page::AutomaticRefresh.path(ClientKind::MEDIATED);
                return Ok(Next::GoTo(page));
            }
            Ok(next)
        })
    }

    fn expire(&self) -> Reply<()> {
        page_client::client().expire();
        bff::expire()
    }

    fn sign_out(&self) -> Reply<String> {
        page_client::client().forget();
        bff::Bff.sign_out()
    }
}
