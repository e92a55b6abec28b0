//! Issuing authorization codes.

use super::{next_step::issues_refresh_token, request::AuthorizationRequest};
use crate::{
    clock::UnixTime,
    provider::Provider,
    records::{codes::AuthorizationCode, sessions::Session},
    state::State,
};

/// Issues the code for a request that the user allowed. `consented_now` says
/// whether the user saw the consent page for this request.
pub(super) fn issue_code(
    provider: &Provider,
    state: &mut State,
    request: &AuthorizationRequest<'_>,
    session: &Session,
    consented_now: bool,
    now: UnixTime,
) -> String {
    let code = AuthorizationCode {
        client: request.client.id.clone(),
        redirect_uri: request.redirect_uri.clone(),
        challenge: request.challenge.clone(),
        nonce: request.nonce.clone(),
        key: request.key.clone(),
        scope: request.scope.clone(),
        subject: session.subject.clone(),
        auth_time: session.auth_time,
        session: session.number,
        offline: issues_refresh_token(request, consented_now),
        expires_at: now.plus(provider.config().code_lifetime),
        redeemed_for: None,
    };
    state.records.codes.issue(code, provider.randomness())
}
