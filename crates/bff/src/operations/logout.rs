//! Sign-out: the session ends here, and its tokens are revoked at the provider
//! (RFC 7009).

use crate::{
    BffError,
    clock::millis,
    components::Components,
    digest::Digest,
    provider::list::end_session_url,
    request_cookies::{RequestCookies, SentCookie, WithCookies, clear_cookie},
    revocation::{RevocationReason, claim_duration, revoke_now},
    store::Store as _,
};
use confidant_wire::SignedOut;

/// Ends the session, and the sign-ins that were started in this browser. The
/// cookies are to be set whether it succeeds or not.
pub(crate) async fn logout(
    components: &Components,
    cookies: &RequestCookies,
) -> WithCookies<Result<SignedOut, BffError>> {
    let body = end(components, cookies).await;
    let names = &components.settings.names;
    let cleared: &[&str] = match &body {
        // The browser keeps its cookies, to try again.
        Err(BffError::Store(_)) => &[],
        // A cookie that cannot be read is of no use to the browser.
        Ok(_) | Err(_) => &[&names.session_cookie, &names.login_cookie],
    };
    let cookies = cleared.iter().filter_map(|name| clear_cookie(name));
    WithCookies {
        body,
        cookies: cookies.collect(),
    }
}

async fn end(components: &Components, cookies: &RequestCookies) -> Result<SignedOut, BffError> {
    let (sessions, store) = (&components.sessions, &components.sessions.store);
    // Before the session: if this fails, all of it can be tried again.
    if let Some(binding) = cookies.binding.value() {
        store.delete_logins(&Digest::of(binding)).await?;
    }
    if let SentCookie::Invalid = cookies.session {
        return Err(BffError::BadCookie);
    }
    let Some(session) = sessions.find_even_over(cookies).await? else {
        return Ok(of_expired_session(components, cookies));
    };
    let now = components.clock.now();
    let claimed_until = now.saturating_add(millis(claim_duration(components.settings.timing)));
    // The session ends first: whatever the provider says, this browser is
    // signed out. If this process stops now, another one revokes the tokens once
    // the claim has expired.
    let reason = RevocationReason::SignedOut;
    store
        .end_session(&session, reason, now, claimed_until)
        .await?;
    let mut signed_out = SignedOut {
        provider: Some(session.provider.clone()),
        ..SignedOut::default()
    };
    signed_out.revoked = revoke_now(components, &session.grant, claimed_until).await;
    signed_out.end_session_url = known_end_session_url(components, &session.provider);
    components.exchange_log.remove(&session.grant);
    components.metrics.session_ended("signed_out");
    Ok(signed_out)
}

/// Returns the result for a browser whose session has expired and was deleted.
/// Which provider it was of is known only if there is one provider.
fn of_expired_session(components: &Components, cookies: &RequestCookies) -> SignedOut {
    let mut providers = components.providers.iter();
    match (cookies.session.value(), providers.next(), providers.next()) {
        (Some(_), Some(only), None) => SignedOut {
            provider: Some(only.settings.id.clone()),
            end_session_url: known_end_session_url(components, &only.settings.id),
            ..SignedOut::default()
        },
        _ => SignedOut::default(),
    }
}

/// Returns where the user signs out at the provider, if that is known: a sign-out
/// does not wait for metadata.
fn known_end_session_url(components: &Components, provider: &str) -> Option<String> {
    let provider = components.providers.get(provider)?;
    let metadata = provider.cached_metadata()?;
    end_session_url(provider, &metadata, &components.settings.public_url)
}
