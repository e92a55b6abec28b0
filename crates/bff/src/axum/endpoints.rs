//! The endpoints under the prefix `/auth`: one handler each. Scripts get JSON;
//! a plain form gets a redirect to the page where the user goes next.

use super::{
    fields::Fields,
    navigation::is_navigation,
    pages,
    response::{json_or_redirect, with_cookies},
};
use crate::{
    AuthorizationResponse, Bff, BffError, LoginError, LoginRequest, Session, SignInParameters,
};
use axum::{
    Json,
    extract::{RawQuery, State},
    http::HeaderMap,
    response::{IntoResponse, Response},
};
use confidant_protocol::ReturnTo;
use confidant_wire::{
    Claims, ClientKind, HandedOutAccessToken, ProviderView, Report, SessionView, TokenView,
    Validation,
};
use serde::Deserialize;

type Answer<T> = Result<Json<T>, BffError>;

#[derive(Deserialize)]
pub(super) struct LoginFields {
    provider: Option<String>,
    kind: Option<String>,
    return_to: Option<String>,
    login_hint: Option<String>,
    prompt: Option<String>,
    ui_locales: Option<String>,
    acr_values: Option<String>,
    max_age: Option<String>,
}

/// `POST /auth/login/start`: starts a sign-in and says where the browser goes.
pub(super) async fn start_login(
    State(bff): State<Bff>,
    headers: HeaderMap,
    Fields(fields): Fields<LoginFields>,
) -> Result<Response, BffError> {
    // A form that names no provider is incomplete, even with one provider only.
    let request = LoginRequest {
        provider: Some(fields.provider.ok_or(BffError::BadRequest)?),
        kind: fields.kind,
        return_to: fields.return_to,
        parameters: SignInParameters {
            login_hint: fields.login_hint,
            prompt: fields.prompt,
            ui_locales: fields.ui_locales,
            acr_values: fields.acr_values,
            max_age: fields.max_age,
        },
    };
    let started = bff.start_login(&headers, request).await?;
    Ok(with_cookies(started, |started| {
        json_or_redirect(
            is_navigation(&headers),
            &started,
            &started.authorization_url,
        )
    }))
}

/// `POST /auth/login/finish`: takes the authorization response, starts the
/// session and says where the user wanted to go.
pub(super) async fn finish_login(
    State(bff): State<Bff>,
    headers: HeaderMap,
    Fields(response): Fields<AuthorizationResponse>,
) -> Result<Response, BffError> {
    let finished = bff.finish_login(&headers, response).await?;
    Ok(with_cookies(finished, |finished| {
        json_or_redirect(is_navigation(&headers), &finished, &finished.return_to)
    }))
}

/// `GET /callback`: the page behind the redirect URI.
pub(super) async fn callback(State(bff): State<Bff>, RawQuery(query): RawQuery) -> Response {
    pages::callback(&bff.settings().paths, &query.unwrap_or_default())
}

/// `GET /auth/login`: the sign-in page.
pub(super) async fn sign_in_page(State(bff): State<Bff>, RawQuery(query): RawQuery) -> Response {
    let query = query.unwrap_or_default();
    let return_to = url::form_urlencoded::parse(query.as_bytes())
        .find(|(name, _)| name == "return_to")
        .map(|(_, value)| value.into_owned());
    let return_to = return_to.and_then(|path| ReturnTo::try_from(path).ok());
    let default = || bff.settings().paths.after_login(ClientKind::BFF);
    pages::sign_in(
        bff.settings(),
        &bff.authorization_origins(),
        &return_to.map_or_else(default, String::from),
    )
}

/// `GET /auth/session`: whether the user is signed in, as whom, until when.
pub(super) async fn session(State(bff): State<Bff>, headers: HeaderMap) -> Answer<SessionView> {
    bff.session_view(&headers).await.map(Json)
}

/// `GET /auth/providers`: the providers on offer.
pub(super) async fn providers(State(bff): State<Bff>) -> Json<Vec<ProviderView>> {
    Json(bff.providers())
}

/// `GET /auth/token`: what may be shown of the access token.
pub(super) async fn token(session: Session) -> Answer<TokenView> {
    session.token_view().await.map(Json)
}

/// `GET /auth/profile`: the provider's userinfo.
pub(super) async fn profile(session: Session) -> Answer<Claims> {
    session.userinfo().await.map(Json)
}

/// `GET /auth/validate`: what the provider says of the access token.
pub(super) async fn validate(session: Session) -> Answer<Validation> {
    session.validate().await.map(Json)
}

/// `GET /auth/log`: what the last refresh changed, and the recorded exchanges.
pub(super) async fn log(session: Session) -> Answer<Report> {
    session.report().await.map(Json)
}

/// Where a plain form leads.
#[derive(Deserialize)]
pub(super) struct Next {
    return_to: Option<String>,
}

impl Next {
    /// Returns the path that the form names, or the default.
    fn location(&self, default: &str) -> Result<String, BffError> {
        let Some(path) = self.return_to.as_deref() else {
            return Ok(default.to_owned());
        };
        let path = ReturnTo::try_from(path).map_err(|_| LoginError::BadReturnTo)?;
        Ok(path.into())
    }
}

/// `POST /auth/refresh`: refreshes now.
pub(super) async fn refresh(
    State(bff): State<Bff>,
    session: Session,
    headers: HeaderMap,
    Fields(next): Fields<Next>,
) -> Result<Response, BffError> {
    let location = next.location(&bff.settings().paths.after_refresh)?;
    let view = session.refresh().await?;
    Ok(json_or_redirect(is_navigation(&headers), view, &location))
}

/// `POST /auth/expire`: marks the access token as expired.
pub(super) async fn expire(
    State(bff): State<Bff>,
    session: Session,
    headers: HeaderMap,
    Fields(next): Fields<Next>,
) -> Result<Response, BffError> {
    let location = next.location(&bff.settings().paths.after_expire)?;
    let view = session.expire().await?;
    Ok(json_or_redirect(is_navigation(&headers), view, &location))
}

/// `POST /auth/logout`: ends the session and revokes its tokens.
pub(super) async fn logout(
    State(bff): State<Bff>,
    headers: HeaderMap,
    Fields(next): Fields<Next>,
) -> Result<Response, BffError> {
    next.location("/")?;
    let signed_out = bff.logout(&headers).await;
    Ok(with_cookies(signed_out, |signed_out| {
        let signed_out = match signed_out {
            Ok(signed_out) => signed_out,
            Err(error) => return error.into_response(),
        };
        let default = bff
            .settings()
            .paths
            .after_logout(signed_out.provider.as_deref());
        let location = next.location(&default).unwrap_or(default);
        json_or_redirect(is_navigation(&headers), signed_out, &location)
    }))
}

#[derive(Deserialize)]
pub(super) struct ScopeField {
    scope: Option<String>,
}

/// `POST /auth/mediated/token`: an access token for the page, with no more
/// scope than the page asks for (RFC 10017, section 6.2.2.3).
pub(super) async fn mediated_token(
    session: Session,
    Fields(fields): Fields<ScopeField>,
) -> Answer<HandedOutAccessToken> {
    session
        .mediated_token(fields.scope.as_deref())
        .await
        .map(Json)
}

/// Answers for paths under the prefix that no endpoint has.
pub async fn not_found() -> BffError {
    BffError::NotFound
}

/// Answers for methods that an endpoint does not support.
pub async fn method_not_allowed() -> BffError {
    BffError::MethodNotAllowed
}
