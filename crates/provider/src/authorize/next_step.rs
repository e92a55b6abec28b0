//! What an authorization request needs next, as a pure decision.

use std::time::Duration;

use super::{rejection::AuthorizationError, request::AuthorizationRequest};
use crate::{
    clock::UnixTime,
    oauth::scope::{OFFLINE_ACCESS, Scope},
    policy::OfflineAccess,
    records::sessions::Session,
};

/// The next step of an authorization request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NextStep {
    ShowLogin,
    ShowConsent,
    IssueCode,
    Reject(AuthorizationError, &'static str),
}

/// What the provider knows about the user at the browser.
pub(crate) struct UserState<'a> {
    pub(crate) session: Option<&'a Session>,
    /// The subject of the user that `login_hint` names.
    pub(crate) hinted_subject: Option<&'a str>,
    /// The scope that the user has allowed this client.
    pub(crate) consent: Option<&'a Scope>,
}

/// Decides the next step.
pub(crate) fn next_step(
    request: &AuthorizationRequest<'_>,
    user: &UserState<'_>,
    now: UnixTime,
) -> NextStep {
    let prompt = request.prompt;
    let signed_in = user.session.is_some_and(|session| {
        let age = now.since(session.auth_time);
        let recent = |seconds| age <= Duration::from_secs(seconds);
        let is_hinted = |subject| subject == session.subject;
        user.hinted_subject.is_none_or(is_hinted)
            && !prompt.login
            && request.max_age.is_none_or(recent)
    });
    if !signed_in {
        return if prompt.none {
            NextStep::Reject(AuthorizationError::LoginRequired, "No user is signed in.")
        } else {
            NextStep::ShowLogin
        };
    }
    let allowed = user.consent.is_some_and(|old| old.covers(&request.scope));
    match (allowed && !prompt.consent, prompt.none) {
        (true, _) => NextStep::IssueCode,
        (false, true) => NextStep::Reject(
            AuthorizationError::ConsentRequired,
            "The user has not allowed this yet.",
        ),
        (false, false) => NextStep::ShowConsent,
    }
}

/// Decides whether the code gives a refresh token. `consented_now` says
/// whether the user saw the consent page for this request.
pub(crate) fn issues_refresh_token(
    request: &AuthorizationRequest<'_>,
    consented_now: bool,
) -> bool {
    match request.offline {
        // The provider issues a code only for a scope that the user has
        // allowed, now or before. Earlier consent suffices, so that a client
        // that lost its refresh token can get another with prompt=none.
        OfflineAccess::Scope => request.scope.contains(OFFLINE_ACCESS),
        OfflineAccess::AccessType => request.requests_offline_access && consented_now,
        OfflineAccess::Always => true,
        OfflineAccess::Never => false,
    }
}
