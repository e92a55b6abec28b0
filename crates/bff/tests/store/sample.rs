//! Sample sign-ins, sessions and grants.

use confidant_bff::{
    SystemRandom,
    store::{Digest, Grant, GrantId, PendingLogin, SessionRecord, TokenResponse},
    testing::name,
};
use confidant_wire::{Claims, ClientKind, UnixMillis};

/// A token that no database may contain in plain text.
pub(crate) const REFRESH_TOKEN: &str = "the-refresh-token";

/// Returns a token response with tokens of this number.
pub(crate) fn token_response(number: u64) -> TokenResponse {
    TokenResponse {
        access_token: format!("at-{number}"),
        token_type: "Bearer".into(),
        expires_in: Some(60),
        scopes: Some(vec!["openid".into()]),
        refresh_token: Some(format!("{REFRESH_TOKEN}-{number}")),
        id_token: Some("an-id-token".into()),
        extras: Claims::new(),
    }
}

/// Returns a grant with an id of its own, issued at this time.
pub(crate) fn grant(now: UnixMillis) -> Grant {
    let id = GrantId(name(&SystemRandom));
    Grant::new(id, "demo".into(), token_response(1), now)
}

/// Returns a session with this grant that expires at this time.
pub(crate) fn session(grant: &Grant, expires_at: UnixMillis) -> SessionRecord {
    SessionRecord {
        digest: Digest::of(&format!("cookie of {}", grant.id.0)),
        grant: grant.id.clone(),
        provider: grant.provider.clone(),
        issued_by: "https://provider.example web".into(),
        kind: ClientKind::BFF,
        subject: "subject-1".into(),
        name: "alice".into(),
        created_at: 1,
        last_seen: 2,
        expires_at,
    }
}

/// Returns a sign-in that expires at this time.
pub(crate) fn login(expires_at: UnixMillis) -> PendingLogin {
    PendingLogin {
        provider: "demo".into(),
        kind: ClientKind::BFF,
        return_to: "/bff/menu".into(),
        nonce: "a-nonce".into(),
        verifier: "a-verifier".into(),
        authorization_url: "http://127.0.0.1:4000/authorize".into(),
        renews: None,
        began_at: 1,
        expires_at,
    }
}
