//! `/end_session`: OpenID Connect RP-Initiated Logout.

use axum::{
    extract::{RawQuery, State},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use url::Url;

use crate::{
    browser::{
        cookies::BrowserCookies,
        csrf::{CSRF_FIELD, FormPurpose, csrf_token, has_valid_csrf_token},
        form::PageForm,
    },
    config::Client,
    oauth::parameters::Parameters,
    pages::{
        error_page::ErrorPage,
        sign_out::{ConfirmSignOutPage, done_page},
    },
    provider::Provider,
    sign_out::revoke_session_tokens,
};

/// The name of the hidden field with the logout request.
const REQUEST_FIELD: &str = "request";

/// A valid logout request.
struct LogoutRequest<'a> {
    client: Option<&'a Client>,
    /// Where the browser goes afterwards, `state` included.
    return_to: Option<String>,
}

impl<'a> LogoutRequest<'a> {
    fn parse(provider: &'a Provider, parameters: &Parameters) -> Result<Self, ErrorPage> {
        let client = requesting_client(provider, parameters)?;
        let return_to = match parameters.get("post_logout_redirect_uri") {
            Some(uri) => Some(return_to(client, uri, parameters.get("state"))?),
            None => None,
        };
        Ok(Self { client, return_to })
    }

    fn respond(&self, signed_out: bool) -> Response {
        match &self.return_to {
            Some(uri) => Redirect::to(uri).into_response(),
            None => done_page(signed_out).into_response(),
        }
    }
}

/// Asks the user for confirmation: a link on another site must not sign users
/// out (section 6).
pub(crate) async fn show_confirmation(
    State(provider): State<Provider>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, ErrorPage> {
    let parameters = Parameters::parse(query.unwrap_or_default().as_bytes());
    let logout = LogoutRequest::parse(&provider, &parameters)?;
    let cookies = BrowserCookies::read(&headers, provider.randomness());
    let session = provider.read(|state, now| cookies.session(&provider, state, now));
    let user = session.and_then(|session| provider.config().user(&session.subject));
    let Some(user) = user else {
        return Ok(logout.respond(true));
    };
    let request = parameters.to_query();
    let key = provider.derivation_key();
    let token = csrf_token(key, &cookies, FormPurpose::SignOut, &request);
    let page = ConfirmSignOutPage {
        user: &user.name,
        client: logout.client.map(|client| client.name.as_str()),
        hidden: &[(REQUEST_FIELD, &request), (CSRF_FIELD, &token)],
        return_to: logout.return_to.as_deref(),
    };
    Ok(cookies.with_browser_id(page.render()))
}

/// Handles the form of the confirmation page.
pub(crate) async fn confirm(
    State(provider): State<Provider>,
    headers: HeaderMap,
    PageForm(form): PageForm,
) -> Result<Response, ErrorPage> {
    let request = form.get(REQUEST_FIELD).unwrap_or_default();
    let logout = LogoutRequest::parse(&provider, &Parameters::parse(request.as_bytes()))?;
    let cookies = BrowserCookies::read(&headers, provider.randomness());
    let (key, purpose) = (provider.derivation_key(), FormPurpose::SignOut);
    if !has_valid_csrf_token(key, &cookies, purpose, request, &form) {
        return Err(ErrorPage::stale_form(&format!("/end_session?{request}")));
    }
    if form.get("decision") != Some("sign_out") {
        return Ok(logout.respond(false));
    }
    provider.update(|state, now| {
        let cookie = cookies.session_cookie();
        let ended = cookie.and_then(|cookie| state.records.sessions.end(cookie));
        if let Some(ended) = ended {
            revoke_session_tokens(&provider, state, &ended, now);
        }
    });
    let response = logout.respond(true);
    Ok(BrowserCookies::without_session(
        provider.framing(),
        response,
    ))
}

/// Returns the client that `client_id` or the ID token names. If the request
/// has both, they must agree.
fn requesting_client<'a>(
    provider: &'a Provider,
    parameters: &Parameters,
) -> Result<Option<&'a Client>, ErrorPage> {
    let config = provider.config();
    let hinted = match parameters.get("id_token_hint") {
        Some(token) => {
            let hint = provider.signing_key().verify_hint(token, &config.issuer);
            Some(hint.ok_or_else(|| {
                ErrorPage::bad_request(
                    "That was not our ID token",
                    "The id_token_hint in the address was not issued here.",
                )
            })?)
        }
        None => None,
    };
    let hinted = hinted.as_ref().map(|hint| hint.aud.as_str());
    let unknown = || {
        ErrorPage::bad_request(
            "We don't know this app",
            "The address that brought you here names no app that is registered here.",
        )
    };
    let id = match (parameters.get("client_id"), hinted) {
        (Some(id), Some(hinted)) if id != hinted => return Err(unknown()),
        (Some(id), _) => id,
        (None, Some(hinted)) => hinted,
        (None, None) => return Ok(None),
    };
    config.client(id).map(Some).ok_or_else(unknown)
}

/// Returns the registered `uri` with `state` added.
fn return_to(client: Option<&Client>, uri: &str, state: Option<&str>) -> Result<String, ErrorPage> {
    let unknown = || {
        ErrorPage::bad_request(
            "We won't send you there",
            "The post_logout_redirect_uri in the address is not one that the app has \
             registered.",
        )
        .with_paragraph("You were not signed out.")
    };
    let is_registered = client.is_some_and(|client| {
        let mut uris = client.post_logout_redirect_uris.iter();
        uris.any(|own| own == uri)
    });
    if !is_registered {
        return Err(unknown());
    }
    let mut url = Url::parse(uri).map_err(|_| unknown())?;
    if let Some(state) = state {
        url.query_pairs_mut().append_pair("state", state);
    }
    Ok(url.into())
}
