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
pub(crate) enum Step {
    /// Show the login page.
    SignIn,
    /// Show the consent page.
    AskConsent,
    /// Give the client its code.
    GiveCode,
    /// Tell the client why not.
    Refuse(AuthorizationError, &'static str),
}

/// What is known of the person at the browser.
pub(crate) struct Known<'a> {
    pub(crate) session: Option<&'a Session>,
    /// Whom `login_hint` names, by subject.
    pub(crate) hinted: Option<&'a str>,
    /// What the person has allowed this client before.
    pub(crate) consent: Option<&'a Scope>,
}

/// Decides what comes next.
pub(crate) fn next_step(
    request: &AuthorizationRequest<'_>,
    known: &Known<'_>,
    now: UnixTime,
) -> Step {
    let prompt = request.prompt;
    let signed_in = known.session.is_some_and(|session| {
        let age = now.since(session.auth_time);
        let fresh = |seconds| age <= Duration::from_secs(seconds);
        let expected = known.hinted.is_none_or(|hinted| hinted == session.subject);
        expected && !prompt.login && request.max_age.is_none_or(fresh)
    });
    if !signed_in {
        return match prompt.none {
            true => Step::Refuse(AuthorizationError::LoginRequired, "Nobody is signed in."),
            false => Step::SignIn,
        };
    }
    let allowed = known.consent.is_some_and(|old| old.covers(&request.scope));
    match (allowed && !prompt.consent, prompt.none) {
        (true, _) => Step::GiveCode,
        (false, true) => Step::Refuse(
            AuthorizationError::ConsentRequired,
            "The person has not allowed this yet.",
        ),
        (false, false) => Step::AskConsent,
    }
}

/// Whether the code brings a refresh token. `consented_now` says whether the
/// consent page was shown for this very request.
pub(crate) fn brings_refresh_token(
    request: &AuthorizationRequest<'_>,
    consented_now: bool,
) -> bool {
    match request.offline {
        // A code is given only for a scope that the person has allowed, so
        // offline access was consented to, now or before. The latter lets a
        // client that lost its refresh token come back with prompt=none.
        OfflineAccess::Scope => request.scope.contains(OFFLINE_ACCESS),
        OfflineAccess::AccessType => request.asks_offline && consented_now,
        OfflineAccess::Always => true,
        OfflineAccess::Never => false,
    }
}
