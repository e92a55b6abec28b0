//! The HTTP interface under `/auth`, as server functions: arguments as a form or
//! a query, answers and errors as JSON. No page of this application uses it.

use super::{
    Failure, default_kind,
    json::Answer,
    request::{backend, with_cookies},
    same_origin::SameOrigin,
};
use confidant_wire::*;
use leptos::{
    prelude::*,
    server_fn::codec::{GetUrl, PostUrl},
};

/// `POST /auth/login/start`: begins a sign-in.
#[server(prefix = "/auth", endpoint = "/login/start", input = PostUrl, output = Answer, client = SameOrigin)]
pub(crate) async fn start_login(
    provider: String,
    #[server(default = "default_kind")] kind: String,
    #[server(default)] return_to: Option<String>,
) -> Result<LoginStarted, Failure> {
    let (bff, visit) = backend()?;
    let return_to = return_to.unwrap_or_else(|| format!("/{kind}/menu"));
    let started = bff.start_login(&visit, &provider, &kind, &return_to).await;
    with_cookies(started)
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
    let (bff, visit) = backend()?;
    let response = confidant_bff::AuthorizationResponse {
        code,
        state,
        iss,
        error,
    };
    with_cookies(bff.finish_login(&visit, response).await)
}

/// `GET /auth/session`: who is signed in.
#[server(prefix = "/auth", endpoint = "/session", input = GetUrl, output = Answer, client = SameOrigin)]
pub(crate) async fn view_session() -> Result<SessionView, Failure> {
    let (bff, visit) = backend()?;
    Ok(bff.session(&visit).await?)
}

/// `GET /auth/token`: what may be shown of the token.
#[server(prefix = "/auth", endpoint = "/token", input = GetUrl, output = Answer, client = SameOrigin)]
pub(crate) async fn view_token() -> Result<TokenView, Failure> {
    let (bff, visit) = backend()?;
    Ok(bff.token(&visit).await?)
}

/// `POST /auth/refresh`: refreshes now.
#[server(prefix = "/auth", endpoint = "/refresh", input = PostUrl, output = Answer, client = SameOrigin)]
pub(crate) async fn refresh_token() -> Result<TokenView, Failure> {
    let (bff, visit) = backend()?;
    Ok(bff.refresh(&visit).await?)
}

/// `POST /auth/expire`: forgets that the access token is fresh.
#[server(prefix = "/auth", endpoint = "/expire", input = PostUrl, output = Answer, client = SameOrigin)]
pub(crate) async fn expire_token() -> Result<TokenView, Failure> {
    let (bff, visit) = backend()?;
    Ok(bff.expire(&visit).await?)
}

/// `GET /auth/profile`: the provider's userinfo, with automatic refresh.
#[server(prefix = "/auth", endpoint = "/profile", input = GetUrl, output = Answer, client = SameOrigin)]
pub(crate) async fn fetch_profile() -> Result<Claims, Failure> {
    let (bff, visit) = backend()?;
    Ok(bff.profile(&visit).await?)
}

/// `GET /auth/validate`: what the provider says of the token.
#[server(prefix = "/auth", endpoint = "/validate", input = GetUrl, output = Answer, client = SameOrigin)]
pub(crate) async fn validate_token() -> Result<Validation, Failure> {
    let (bff, visit) = backend()?;
    Ok(bff.validate(&visit).await?)
}

/// `POST /auth/logout`: ends the session.
#[server(prefix = "/auth", endpoint = "/logout", input = PostUrl, output = Answer, client = SameOrigin)]
pub(crate) async fn sign_out() -> Result<SignedOut, Failure> {
    let (bff, visit) = backend()?;
    with_cookies(bff.logout(&visit).await)
}

/// `POST /auth/mediated/token`: an access token for the page, of no more
/// scope than it asks for. Where a token-mediating backend is configured.
#[server(prefix = "/auth", endpoint = "/mediated/token", input = PostUrl, output = Answer, client = SameOrigin)]
pub(crate) async fn hand_out_token(
    #[server(default)] scope: Option<String>,
) -> Result<HandedOutAccessToken, Failure> {
    let (bff, visit) = backend()?;
    Ok(bff.hand_out(&visit, scope.as_deref()).await?)
}

/// `GET /auth/providers`: the providers on offer.
#[server(prefix = "/auth", endpoint = "/providers", input = GetUrl, output = Answer, client = SameOrigin)]
pub(crate) async fn list_providers() -> Result<Vec<ProviderView>, Failure> {
    let (bff, _) = backend()?;
    let providers = super::request::providers(&bff);
    Ok(providers)
}

/// `GET /auth/log`: what the session's last action did and what travelled.
#[server(prefix = "/auth", endpoint = "/log", input = GetUrl, output = Answer, client = SameOrigin)]
pub(crate) async fn read_log() -> Result<Report, Failure> {
    let (bff, visit) = backend()?;
    Ok(bff.report(&visit).await?)
}
