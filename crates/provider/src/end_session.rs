//! `/end_session`: OpenID Connect RP-Initiated Logout.

use axum::{
    extract::{RawQuery, State as Extracted},
    http::HeaderMap,
    response::{IntoResponse, Redirect, Response},
};
use url::Url;

use crate::{
    browser::{Browser, Purpose, form::PageForm},
    clock::UnixTime,
    config::{Client, Config},
    decision_log::{DecisionEvent, EventKind},
    oauth::parameters::Parameters,
    pages::{
        error_page::ErrorPage,
        sign_out::{confirm_page, done_page},
    },
    policy::AtSignOut,
    provider::{Provider, State},
    records::{
        family::{Family, RevocationCause},
        session::Session,
    },
};

/// A sign-out that was found good.
struct SignOutRequest<'a> {
    client: Option<&'a Client>,
    /// Where to go afterwards, `state` included.
    return_to: Option<String>,
}

impl<'a> SignOutRequest<'a> {
    fn read(provider: &'a Provider, parameters: &Parameters) -> Result<Self, ErrorPage> {
        let config = provider.config();
        let client = client(provider, config, parameters)?;
        let Some(address) = parameters.get("post_logout_redirect_uri") else {
            return Ok(Self {
                client,
                return_to: None,
            });
        };
        let registered = client.is_some_and(|client| {
            let uris = &client.post_logout_redirect_uris;
            uris.iter().any(|own| own == address)
        });
        let unknown = || {
            ErrorPage::bad_request(
                "We won't send you there",
                "The post_logout_redirect_uri in the address is not one that the app has \
                 registered.",
            )
            .with_paragraph("You were not signed out.")
        };
        if !registered {
            return Err(unknown());
        }
        let mut url = Url::parse(address).map_err(|_| unknown())?;
        if let Some(state) = parameters.get("state") {
            url.query_pairs_mut().append_pair("state", state);
        }
        Ok(Self {
            client,
            return_to: Some(url.into()),
        })
    }

    fn respond(&self, signed_out: bool) -> Response {
        match &self.return_to {
            Some(address) => Redirect::to(address).into_response(),
            None => done_page(signed_out).into_response(),
        }
    }
}

/// Asks first: another site's link must not sign anybody out (section 6).
pub(crate) async fn show_confirmation(
    Extracted(provider): Extracted<Provider>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, ErrorPage> {
    let query = query.unwrap_or_default();
    let parameters = Parameters::parse(query.as_bytes());
    let sign_out = SignOutRequest::read(&provider, &parameters)?;
    let browser = Browser::from_headers(&provider, &headers);
    let session = provider.read(|state, now| browser.session(&provider, state, now));
    let user = session.and_then(|session| provider.config().user(&session.subject));
    let Some(user) = user else {
        return Ok(sign_out.respond(true));
    };
    let request = parameters.to_query();
    let token = browser.form_token(&provider, Purpose::SignOut, &request);
    let fields = [
        ("request", request.as_str()),
        ("form_token", token.as_str()),
    ];
    let return_to = sign_out.return_to.as_deref();
    Ok(browser.keep(confirm_page(user, sign_out.client, &fields, return_to)))
}

/// The answer to the question.
pub(crate) async fn confirm(
    Extracted(provider): Extracted<Provider>,
    headers: HeaderMap,
    PageForm(form): PageForm,
) -> Result<Response, ErrorPage> {
    let request = form.get("request").unwrap_or_default();
    let sign_out = SignOutRequest::read(&provider, &Parameters::parse(request.as_bytes()))?;
    let browser = Browser::from_headers(&provider, &headers);
    if !browser.sent(&provider, Purpose::SignOut, request, &form) {
        return Err(ErrorPage::stale_form(&format!("/end_session?{request}")));
    }
    if form.get("decision") != Some("sign_out") {
        return Ok(sign_out.respond(false));
    }
    provider.change(|state, now| {
        let ended = browser.session_cookie();
        let ended = ended.and_then(|value| state.records.end_session(value));
        if let Some(ended) = ended {
            revoke_session_tokens(&provider, state, &ended, now);
        }
    });
    Ok(browser.signed_out(&provider, sign_out.respond(true)))
}

/// Ends what came of a session that has `ended`, at the clients whose policy
/// says so.
pub(crate) fn revoke_session_tokens(
    provider: &Provider,
    state: &mut State,
    ended: &Session,
    now: UnixTime,
) {
    // A session from a state file of before sessions had numbers.
    if ended.number == 0 {
        return;
    }
    let matches = |family: &Family| {
        let client = provider.config().client(&family.client);
        let policy = client.map(|client| provider.policy(client).at_sign_out);
        family.session == ended.number && policy == Some(AtSignOut::Revoked)
    };
    let cause = RevocationCause::SignedOut;
    for (family, client) in state.records.revoke_where(matches, cause, now) {
        let decided = DecisionEvent {
            about: EventKind::Revocation,
            client,
            endpoint: None,
            family: Some(family),
            generation: None,
            outcome: "family_revoked",
            reason: cause.code(),
            description: "The person signed out at the provider.",
        };
        state.decisions.record(now, decided);
    }
}

/// The client that `client_id` or the ID token names; both have to agree.
fn client<'a>(
    provider: &Provider,
    config: &'a Config,
    parameters: &Parameters,
) -> Result<Option<&'a Client>, ErrorPage> {
    let hint = parameters.get("id_token_hint");
    let hinted = match hint {
        Some(token) => {
            let hint = provider.key().read_hint(token, &config.issuer);
            Some(hint.map(|hint| hint.aud).ok_or_else(|| {
                ErrorPage::bad_request(
                    "That was not our ID token",
                    "The id_token_hint in the address was not given out here.",
                )
            })?)
        }
        None => None,
    };
    let unknown = || {
        ErrorPage::bad_request(
            "We don't know this app",
            "The address that brought you here names no app that is registered here.",
        )
    };
    let id = match (parameters.get("client_id"), hinted.as_deref()) {
        (Some(id), Some(hinted)) if id != hinted => return Err(unknown()),
        (Some(id), _) => id,
        (None, Some(hinted)) => hinted,
        (None, None) => return Ok(None),
    };
    config.client(id).map(Some).ok_or_else(unknown)
}
