//! What comes next for an authorization request: a pure decision.

use std::time::Duration;

use super::request::{AuthorizationError, AuthorizationRequest};
use crate::{
    clock::UnixTime,
    oauth::scope::{OFFLINE_ACCESS, Scope},
    policy::OfflineAccess,
    records::session::Session,
};

/// What comes next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum NextStep {
    /// Show the login page.
    ShowLogin,
    /// Show the consent page.
    ShowConsent,
    /// Give the client its code.
    IssueCode,
    /// Tell the client why not.
    Reject(AuthorizationError, &'static str),
}

/// What is known of the person at the browser.
pub(crate) struct UserState<'a> {
    pub(crate) session: Option<&'a Session>,
    /// Whom `login_hint` names, by subject.
    pub(crate) hinted_user: Option<&'a str>,
    /// What the person has allowed this client before.
    pub(crate) consent: Option<&'a Scope>,
}

/// Decides what comes next.
pub(crate) fn next_step(
    request: &AuthorizationRequest<'_>,
    user: &UserState<'_>,
    now: UnixTime,
) -> NextStep {
    let prompt = request.prompt;
    let signed_in = user.session.is_some_and(|session| {
        let age = now.since(session.auth_time);
        let fresh = |seconds| age <= Duration::from_secs(seconds);
        let expected = user
            .hinted_user
            .is_none_or(|hinted_user| hinted_user == session.subject);
        expected && !prompt.login && request.max_age.is_none_or(fresh)
    });
    if !signed_in {
        return match prompt.none {
            true => NextStep::Reject(AuthorizationError::LoginRequired, "Nobody is signed in."),
            false => NextStep::ShowLogin,
        };
    }
    let allowed = user.consent.is_some_and(|old| old.covers(&request.scope));
    match (allowed && !prompt.consent, prompt.none) {
        (true, _) => NextStep::IssueCode,
        (false, true) => NextStep::Reject(
            AuthorizationError::ConsentRequired,
            "The person has not allowed this yet.",
        ),
        (false, false) => NextStep::ShowConsent,
    }
}

/// Whether the code brings a refresh token. `consented_now` says whether the
/// consent page was shown for this very request.
pub(crate) fn issues_refresh_token(
    request: &AuthorizationRequest<'_>,
    consented_now: bool,
) -> bool {
    match request.offline {
        // A code is given only for a scope that the person has allowed, so
        // offline access was consented to, now or before. The latter lets a
        // client that lost its refresh token come back with prompt=none.
        OfflineAccess::Scope => request.scope.contains(OFFLINE_ACCESS),
        OfflineAccess::AccessType => request.requests_offline_access && consented_now,
        OfflineAccess::Always => true,
        OfflineAccess::Never => false,
    }
}
