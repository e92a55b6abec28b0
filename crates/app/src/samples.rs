//! Sample data for tests: a token of one minute, and the exchanges of its refresh.

use crate::page_data::{Change, ExposedTokens, Outcome, PageData, Token};
use confidant_wire::{
    Cause, ClientKind, Exchange, Fingerprint, Parameter, Party, ProviderView, PublicClient,
    SignedIn, UnixMillis, Value,
};

pub(crate) const NOW: UnixMillis = 1_700_000_000_000;

pub(crate) fn fingerprint(text: &str) -> Fingerprint {
    text.parse().unwrap()
}

pub(crate) fn token() -> Token {
    Token {
        access: fingerprint("at·7f3a9c"),
        refresh: Some(fingerprint("rt·19c2e0")),
        generation: 3,
        token_type: "Bearer".to_owned(),
        scopes: vec!["openid".to_owned(), "profile".to_owned()],
        obtained_at: NOW - 19_000,
        expires_at: Some(NOW + 41_000),
        now: NOW,
        expired: false,
        may_be_spent: false,
        extras: vec![("refresh_token_expires_in".to_owned(), "28412".to_owned())],
    }
}

pub(crate) fn change(cause: Cause) -> Change {
    let before = Token {
        access: fingerprint("at·000001"),
        refresh: Some(fingerprint("rt·88d1f2")),
        generation: 2,
        ..token()
    };
    Change {
        cause,
        before,
        after: token(),
    }
}

pub(crate) fn page_data() -> PageData {
    PageData {
        kind: ClientKind::BFF,
        user: "alice".to_owned(),
        provider: "Demo provider".to_owned(),
        outcome: Ok(Outcome::Nothing),
        token: token(),
        exposed: ExposedTokens::default(),
        change: Some(change(Cause::Automatic)),
        exchanges: refreshed_call(),
        faults: None,
    }
}

pub(crate) fn signed_in() -> SignedIn {
    SignedIn {
        subject: "alice".to_owned(),
        name: "alice".to_owned(),
        provider: "demo".to_owned(),
        provider_name: "Demo provider".to_owned(),
        kind: ClientKind::BFF,
        since: NOW - 19_000,
        until: Some(NOW + 3_600_000),
    }
}

pub(crate) fn exchange(id: u64, from: Party, to: Party, method: &str, path: &str) -> Exchange {
    Exchange {
        id,
        from,
        to,
        at: NOW + id * 10,
        took: 5,
        method: method.to_owned(),
        path: path.to_owned(),
        sent: vec![],
        status: Some(200),
        received: vec![],
        bytes: Some(100),
    }
}

pub(crate) fn text(name: &str, value: &str) -> Parameter {
    Parameter {
        name: name.to_owned(),
        value: Value::Text(value.to_owned()),
    }
}

pub(crate) fn secret(name: &str, value: &str) -> Parameter {
    Parameter {
        name: name.to_owned(),
        value: Value::Token(fingerprint(value)),
    }
}

/// A forced expiry, then a page whose call was refreshed for.
pub(crate) fn refreshed_call() -> Vec<Exchange> {
    use Party::*;
    let expire = exchange(1, Browser, Server, "POST", "/app/expire_and_call");
    let mut page = exchange(2, Browser, Server, "GET", "/bff/automatic_refresh");
    page.took = 0;
    page.status = None;
    let mut refresh = exchange(3, Server, Provider, "POST", "/token");
    refresh.sent = vec![
        text("grant_type", "refresh_token"),
        secret("refresh_token", "rt·88d1f2"),
        Parameter {
            name: "client_secret".to_owned(),
            value: Value::Secret,
        },
    ];
    refresh.received = vec![
        secret("access_token", "at·7f3a9c"),
        secret("refresh_token", "rt·19c2e0"),
        text("expires_in", "60"),
    ];
    let mut call = exchange(4, Server, Provider, "GET", "/userinfo");
    call.sent = vec![secret("authorization", "at·7f3a9c")];
    vec![expire, page, refresh, call]
}

/// A provider with which every kind is offered.
pub(crate) fn provider() -> ProviderView {
    ProviderView {
        id: "demo".to_owned(),
        name: "Demo".to_owned(),
        mediated: true,
        faults: false,
        userinfo_endpoint: None,
        public: Some(PublicClient {
            issuer: "https://idp.example".to_owned(),
            client_id: "spa".to_owned(),
            scopes: vec!["openid".to_owned()],
            apis: vec![],
            profile: confidant_wire::Claims::new(),
        }),
        end_session_url: Some("https://idp.example/logout".to_owned()),
    }
}

/// Links the clients of every kind.
pub(crate) fn link() {
    crate::link(&crate::EVERY_KIND);
}

/// Renders a view as the server does, without the marks that Leptos puts between
/// texts for hydration.
#[cfg(feature = "ssr")]
pub(crate) fn html<V: leptos::IntoView + 'static>(view: impl FnOnce() -> V) -> String {
    use hydration_context::SsrSharedContext;
    use leptos::prelude::*;
    link();
    let owner = Owner::new_root(Some(std::sync::Arc::new(SsrSharedContext::new_islands())));
    let html = owner.with(|| {
        leptos_meta::provide_meta_context();
        view().to_html()
    });
    html.replace("<!>", "")
}
