//! What happens to a user's tokens when a session at the provider ends.

use crate::{
    clock::UnixTime,
    decision_log::{DecisionEvent, EventKind},
    family::{Family, RevocationCause},
    policy::AtSignOut,
    provider::Provider,
    records::sessions::Session,
    state::State,
};

/// Revokes the tokens that clients got during a session that has ended, for
/// the clients whose policy says so.
pub(crate) fn revoke_session_tokens(
    provider: &Provider,
    state: &mut State,
    ended: &Session,
    now: UnixTime,
) {
    // State files of earlier versions have sessions without a number.
    if ended.number == 0 {
        return;
    }
    let of_session = |family: &Family| {
        let client = provider.config().client(&family.client);
        let policy = client.map(|client| provider.policy(client).at_sign_out);
        family.session == ended.number && policy == Some(AtSignOut::Revoked)
    };
    let cause = RevocationCause::SignedOut;
    for (family, client) in state.records.families.revoke_where(of_session, cause, now) {
        let event = DecisionEvent::new(
            EventKind::Revocation,
            &client,
            "family_revoked",
            cause.code(),
            "The user signed out at the provider.",
        );
        state
            .decisions
            .record(now, event.about_family(Some(family)));
    }
}
