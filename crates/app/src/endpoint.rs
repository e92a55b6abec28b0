//! The server functions. Each is one endpoint of the HTTP interface under
//! `/auth`, usable by any frontend: arguments as a form or a query, answers
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
use request::{deliver, visitor};
use transport::SameOrigin;

fn default_kind() -> String {
    ClientKind::BFF.id().to_owned()
}

/// `POST /auth/login/start`: begins a sign-in.
#[server(prefix = "/auth", endpoint = "/login/start", input = PostUrl, output = Answer, client = SameOrigin)]
pub(crate) async fn start_login(
    provider: String,
    #[server(default = "default_kind")] kind: String,
    #[server(default)] return_to: Option<String>,
) -> Result<LoginStarted, Failure> {
    let (bff, visit) = visitor()?;
    let return_to = return_to.unwrap_or_else(|| format!("/{kind}/menu"));
    let started = bff.start_login(&visit, &provider, &kind, &return_to).await;
    deliver(started)
}

/// `POST /auth/login/finish`: takes the provider's redirect to the session.
#[server(prefix = "/auth", endpoint = "/login/finish", input = PostUrl, output = Answer, client = SameOrigin)]
pub(crate) async fn finish_login(
    #[server(default)] code: Option<String>,
    #[server(default)] state: Option<String>,
    #[server(default)] iss: Option<String>,
    #[server(default)] error: Option<String>,
    #[server(default)] error_description: Option<String>,
) -> Result<LoginFinished, Failure> {
    // The description is an upstream's prose: accepted, and shown to nobody.
    let _ = error_description;
    let (bff, visit) = visitor()?;
    let response = confidant_bff::AuthorizationResponse {
        code,
        state,
        iss,
        error,
    };
    deliver(bff.finish_login(&visit, response).await)
}

/// `GET /auth/session`: who is signed in.
#[server(prefix = "/auth", endpoint = "/session", input = GetUrl, output = Answer, client = SameOrigin)]
pub(crate) async fn view_session() -> Result<SessionView, Failure> {
    let (bff, visit) = visitor()?;
    Ok(bff.session(&visit).await?)
}

/// `GET /auth/token`: what may be shown of the token.
#[server(prefix = "/auth", endpoint = "/token", input = GetUrl, output = Answer, client = SameOrigin)]
pub(crate) async fn view_token() -> Result<TokenView, Failure> {
    let (bff, visit) = visitor()?;
    Ok(bff.token(&visit).await?)
}

/// `POST /auth/refresh`: refreshes now.
#[server(prefix = "/auth", endpoint = "/refresh", input = PostUrl, output = Answer, client = SameOrigin)]
pub(crate) async fn refresh_token() -> Result<TokenView, Failure> {
    let (bff, visit) = visitor()?;
    Ok(bff.refresh(&visit).await?)
}

/// `POST /auth/expire`: forgets that the access token is fresh.
#[server(prefix = "/auth", endpoint = "/expire", input = PostUrl, output = Answer, client = SameOrigin)]
pub(crate) async fn expire_token() -> Result<TokenView, Failure> {
    let (bff, visit) = visitor()?;
    Ok(bff.expire(&visit).await?)
}

/// `GET /auth/profile`: the provider's userinfo, with automatic refresh.
#[server(prefix = "/auth", endpoint = "/profile", input = GetUrl, output = Answer, client = SameOrigin)]
pub(crate) async fn fetch_profile() -> Result<Claims, Failure> {
    let (bff, visit) = visitor()?;
    Ok(bff.profile(&visit).await?)
}

/// `GET /auth/validate`: what the provider says of the token.
#[server(prefix = "/auth", endpoint = "/validate", input = GetUrl, output = Answer, client = SameOrigin)]
pub(crate) async fn validate_token() -> Result<Validation, Failure> {
    let (bff, visit) = visitor()?;
    Ok(bff.validate(&visit).await?)
}

/// `POST /auth/logout`: ends the session.
#[server(prefix = "/auth", endpoint = "/logout", input = PostUrl, output = Answer, client = SameOrigin)]
pub(crate) async fn sign_out() -> Result<SignedOut, Failure> {
    let (bff, visit) = visitor()?;
    Ok(deliver(Ok(bff.logout(&visit).await))??)
}

/// `POST /auth/mediated/token`: an access token for the page, of no more
/// scope than it asks for. Where a token-mediating backend is configured.
#[server(prefix = "/auth", endpoint = "/mediated/token", input = PostUrl, output = Answer, client = SameOrigin)]
pub(crate) async fn hand_out_token(
    #[server(default)] scope: Option<String>,
) -> Result<HandedOutAccessToken, Failure> {
    let (bff, visit) = visitor()?;
    Ok(bff.issue_to_page(&visit, scope.as_deref()).await?)
}

/// `GET /auth/providers`: the providers on offer.
#[server(prefix = "/auth", endpoint = "/providers", input = GetUrl, output = Answer, client = SameOrigin)]
pub(crate) async fn list_providers() -> Result<Vec<ProviderView>, Failure> {
    let (bff, _) = visitor()?;
    let mut providers = bff.providers();
    if let Some(controls) = use_context::<crate::faults::SharedFaultControls>() {
        for provider in &mut providers {
            provider.faults = controls.are_of(&provider.id);
        }
    }
    Ok(providers)
}

/// `GET /auth/log`: what the session's last action did and what travelled.
#[server(prefix = "/auth", endpoint = "/log", input = GetUrl, output = Answer, client = SameOrigin)]
pub(crate) async fn read_log() -> Result<Report, Failure> {
    let (bff, visit) = visitor()?;
    Ok(bff.report(&visit).await?)
}

/// `GET /auth/page`: a page of ours, drawn, for one who goes there without
/// loading it.
#[server(prefix = "/auth", endpoint = "/page", input = GetUrl, output = Answer, client = SameOrigin)]
pub(crate) async fn read_page(
    path: String,
    #[server(default)] query: String,
) -> Result<Reading, Failure> {
    let (bff, visit) = visitor()?;
    let page = crate::page::Page::at(&path).map(|(_, page)| page);
    // What the server does for pages that are loaded as a whole.
    if page.is_some_and(crate::page::Page::needs_tokens)
        && let Some(url) = way_back(&path).await
    {
        return Ok(Reading::leading(path, 303, url));
    }
    let leg = match page {
        Some(page) if page.calls() => bff.record_browser_request(&visit, "GET", &path).await,
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
    let (bff, visit) = visitor().ok()?;
    // The page tells of whatever stands in the way.
    let started = bff.silent_reauthentication(&visit, path).await.ok()??;
    Some(deliver(Ok(started)).ok()?.authorization_url)
}
