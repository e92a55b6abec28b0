//! The server functions. Each is one endpoint of the HTTP interface under
//! `/app`, usable by any frontend: arguments as a form or a query, answers
//! and errors as JSON.

mod failure;
mod faults;
#[cfg(feature = "ssr")]
mod request;
mod transport;

pub(crate) use failure::Failure;
pub(crate) use faults::draw_panel;
#[cfg(feature = "public")]
pub(crate) use faults::look_at_token;
pub(crate) use transport::post;

use crate::json::Answer;
use crate::page::Reading;
use confidant_wire::*;
use leptos::{
    prelude::*,
    server_fn::codec::{GetUrl, PostUrl},
};
#[cfg(feature = "ssr")]
pub(crate) use request::set_status;
#[cfg(feature = "ssr")]
use request::{backend, deliver, session, set_cookies};
use transport::SameOrigin;

fn default_kind() -> String {
    ClientKind::BFF.id().to_owned()
}

/// `POST /app/login/start`: begins a sign-in.
#[server(prefix = "/app", endpoint = "/login/start", input = PostUrl, output = Answer, client = SameOrigin)]
pub(crate) async fn start_login(
    provider: String,
    #[server(default = "default_kind")] kind: String,
    #[server(default)] return_to: Option<String>,
) -> Result<LoginStarted, Failure> {
    let (bff, headers) = backend()?;
    let request = confidant_bff::LoginRequest {
        provider: Some(provider),
        kind: Some(kind),
        return_to,
    };
    deliver(bff.start_login(&headers, request).await)
}

/// `POST /app/login/finish`: takes the provider's redirect to the session.
#[server(prefix = "/app", endpoint = "/login/finish", input = PostUrl, output = Answer, client = SameOrigin)]
pub(crate) async fn finish_login(
    #[server(default)] code: Option<String>,
    #[server(default)] state: Option<String>,
    #[server(default)] iss: Option<String>,
    #[server(default)] error: Option<String>,
    #[server(default)] error_description: Option<String>,
) -> Result<LoginFinished, Failure> {
    let (bff, headers) = backend()?;
    let response = confidant_bff::AuthorizationResponse {
        code,
        state,
        iss,
        error,
        error_description,
    };
    deliver(bff.finish_login(&headers, response).await)
}

/// `GET /app/session`: who is signed in.
#[server(prefix = "/app", endpoint = "/session", input = GetUrl, output = Answer, client = SameOrigin)]
pub(crate) async fn view_session() -> Result<SessionView, Failure> {
    let (bff, headers) = backend()?;
    Ok(bff.session_view(&headers).await.map_err(Failure::of)?)
}

/// `GET /app/token`: what may be shown of the token.
#[server(prefix = "/app", endpoint = "/token", input = GetUrl, output = Answer, client = SameOrigin)]
pub(crate) async fn view_token() -> Result<TokenView, Failure> {
    session().await?.token_view().await.map_err(Failure::of)
}

/// `POST /app/refresh`: refreshes now.
#[server(prefix = "/app", endpoint = "/refresh", input = PostUrl, output = Answer, client = SameOrigin)]
pub(crate) async fn refresh_token() -> Result<TokenView, Failure> {
    session().await?.refresh().await.map_err(Failure::of)
}

/// `POST /app/expire`: forgets that the access token is fresh.
#[server(prefix = "/app", endpoint = "/expire", input = PostUrl, output = Answer, client = SameOrigin)]
pub(crate) async fn expire_token() -> Result<TokenView, Failure> {
    session().await?.expire().await.map_err(Failure::of)
}

/// `GET /app/profile`: the provider's userinfo, with automatic refresh.
#[server(prefix = "/app", endpoint = "/profile", input = GetUrl, output = Answer, client = SameOrigin)]
pub(crate) async fn fetch_profile() -> Result<Claims, Failure> {
    session().await?.userinfo().await.map_err(Failure::of)
}

/// `GET /app/validate`: what the provider says of the token.
#[server(prefix = "/app", endpoint = "/validate", input = GetUrl, output = Answer, client = SameOrigin)]
pub(crate) async fn validate_token() -> Result<Validation, Failure> {
    session().await?.validate().await.map_err(Failure::of)
}

/// `POST /app/logout`: ends the session.
#[server(prefix = "/app", endpoint = "/logout", input = PostUrl, output = Answer, client = SameOrigin)]
pub(crate) async fn sign_out() -> Result<SignedOut, Failure> {
    let (bff, headers) = backend()?;
    let confidant_bff::WithCookies { body, cookies } = bff.logout(&headers).await;
    set_cookies(cookies);
    body.map_err(Failure::of)
}

/// `POST /app/mediated/token`: an access token for the page, of no more
/// scope than it asks for. Where a token-mediating backend is configured.
#[server(prefix = "/app", endpoint = "/mediated/token", input = PostUrl, output = Answer, client = SameOrigin)]
pub(crate) async fn hand_out_token(
    #[server(default)] scope: Option<String>,
) -> Result<HandedOutAccessToken, Failure> {
    let session = session().await?;
    session
        .mediated_token(scope.as_deref())
        .await
        .map_err(Failure::of)
}

/// `GET /app/providers`: the providers on offer.
#[server(prefix = "/app", endpoint = "/providers", input = GetUrl, output = Answer, client = SameOrigin)]
pub(crate) async fn list_providers() -> Result<Vec<ProviderView>, Failure> {
    let (bff, _) = backend()?;
    let mut providers = bff.providers();
    if let Some(controls) = use_context::<crate::faults::SharedFaultControls>() {
        for provider in &mut providers {
            provider.faults = controls.are_of(&provider.id);
        }
    }
    Ok(providers)
}

/// `GET /app/log`: what the session's last action did and what travelled.
#[server(prefix = "/app", endpoint = "/log", input = GetUrl, output = Answer, client = SameOrigin)]
pub(crate) async fn read_log() -> Result<Report, Failure> {
    Ok(session().await?.report())
}

/// `GET /app/page`: a page of ours, drawn, for one who goes there without
/// loading it.
#[server(prefix = "/app", endpoint = "/page", input = GetUrl, output = Answer, client = SameOrigin)]
pub(crate) async fn read_page(
    path: String,
    #[server(default)] query: String,
) -> Result<Reading, Failure> {
    let (bff, headers) = backend()?;
    let page = crate::page::Page::at(&path).map(|(_, page)| page);
    // What the server does for pages that are loaded as a whole.
    if page.is_some_and(crate::page::Page::needs_tokens)
        && let Some(url) = way_back(&path).await
    {
        return Ok(Reading::leading(path, 303, url));
    }
    let leg = match page {
        Some(page) if page.calls() => bff.record_browser_request(&headers, "GET", &path).await,
        _ => None,
    };
    let reading = crate::draw::page(path, &query).await;
    if let Some(leg) = leg {
        leg.finish(if reading.location.is_some() { 303 } else { 200 }, None);
    }
    Ok(reading)
}

/// Where the browser goes first, if new tokens for this page can only be had
/// by asking the provider anew; the answer under way binds it to this browser.
#[cfg(feature = "ssr")]
pub(crate) async fn way_back(path: &str) -> Option<String> {
    let (bff, headers) = backend().ok()?;
    // The page tells of whatever stands in the way.
    let started = bff.silent_reauthentication(&headers, path).await.ok()??;
    Some(deliver(Ok(started)).ok()?.authorization_url)
}
