//! The server functions under `/app`: the only way from a page to the tokens
//! that the server holds. Each answers with what the page shows next, so that
//! an action takes one round trip; a plain form is redirected to the page.

mod failure;
pub(crate) mod json;
#[cfg(feature = "ssr")]
pub(crate) mod load;
#[cfg(feature = "ssr")]
pub(crate) mod request;
#[cfg(feature = "ssr")]
pub(crate) mod response;
pub(crate) mod same_origin;

pub use failure::Failure;
pub(crate) use same_origin::post;

use crate::page_data::Next;
#[cfg(feature = "ssr")]
use crate::routes::{self, Page};
use confidant_wire::ClientKind;
use json::Answer;
use leptos::{prelude::*, server_fn::codec::PostUrl};
#[cfg(feature = "ssr")]
use request::{backend, session, with_cookies};
#[cfg(feature = "ssr")]
use response::set_cookies;
use same_origin::SameOrigin;

pub(crate) fn default_kind() -> String {
    ClientKind::BFF.id().to_owned()
}

/// Starts a sign-in: the browser goes to the provider.
#[server(prefix = "/app", endpoint = "start_login", input = PostUrl, output = Answer, client = SameOrigin)]
pub(crate) async fn start_login(
    provider: String,
    #[server(default = "default_kind")] kind: String,
    #[server(default)] return_to: Option<String>,
) -> Result<Next, Failure> {
    let (bff, headers) = backend()?;
    let request = confidant_bff::LoginRequest {
        provider: Some(provider),
        kind: Some(kind),
        return_to,
        ..confidant_bff::LoginRequest::default()
    };
    let started = with_cookies(bff.start_login(&headers, request).await)?;
    Ok(Next::GoTo(started.authorization_url))
}

/// Finishes a sign-in: exchanges the authorization code for tokens.
#[server(prefix = "/app", endpoint = "finish_login", input = PostUrl, output = Answer, client = SameOrigin)]
pub(crate) async fn finish_login(
    #[server(default)] code: Option<String>,
    #[server(default)] state: Option<String>,
    #[server(default)] iss: Option<String>,
    #[server(default)] error: Option<String>,
    #[server(default)] error_description: Option<String>,
    #[server(default)] callback: Option<String>,
) -> Result<Next, Failure> {
    let (bff, headers) = backend()?;
    let response = confidant_bff::AuthorizationResponse {
        code,
        state,
        iss,
        error,
        error_description,
        callback,
    };
    let finished = with_cookies(bff.finish_login(&headers, response).await)?;
    Ok(Next::GoTo(finished.return_to))
}

/// Returns the token view and the exchange log, without a call to the provider.
#[server(prefix = "/app", endpoint = "view_token", output = Answer, client = SameOrigin)]
pub(crate) async fn view_token() -> Result<Next, Failure> {
    show(Page::Menu).await
}

/// Refreshes the tokens now.
#[server(prefix = "/app", endpoint = "refresh_token", output = Answer, client = SameOrigin)]
pub(crate) async fn refresh_token() -> Result<Next, Failure> {
    session().await?.refresh().await.map_err(Failure::of)?;
    show(Page::ManualRefresh).await
}

/// Forgets that the access token is fresh, then calls the provider, which
/// refreshes it.
#[server(prefix = "/app", endpoint = "expire_and_call", output = Answer, client = SameOrigin)]
pub(crate) async fn expire_and_call() -> Result<Next, Failure> {
    session().await?.expire().await.map_err(Failure::of)?;
    show(Page::AutomaticRefresh).await
}

/// Fetches the account profile, refreshing the token first if it has expired.
#[server(prefix = "/app", endpoint = "fetch_profile", output = Answer, client = SameOrigin)]
pub(crate) async fn fetch_profile() -> Result<Next, Failure> {
    show(Page::Profile).await
}

/// Asks the provider about the token.
#[server(prefix = "/app", endpoint = "validate_token", output = Answer, client = SameOrigin)]
pub(crate) async fn validate_token() -> Result<Next, Failure> {
    show(Page::Validate).await
}

/// Ends the session and revokes its tokens.
#[server(prefix = "/app", endpoint = "sign_out", output = Answer, client = SameOrigin)]
pub(crate) async fn sign_out() -> Result<Next, Failure> {
    let (bff, headers) = backend()?;
    let signed_out = set_cookies(bff.logout(&headers).await).map_err(Failure::of)?;
    Ok(Next::GoTo(routes::signed_out(
        signed_out.provider.as_deref(),
    )))
}

/// Loads what the page shows. A plain form is redirected to the page instead,
/// which makes its call itself.
#[cfg(feature = "ssr")]
async fn show(page: Page) -> Result<Next, Failure> {
    if request::is_plain_form() {
        return Ok(Next::GoTo(page.path(ClientKind::BFF)));
    }
    Ok(load::page_data(None, page).await?)
}
