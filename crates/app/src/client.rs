//! One menu, many clients: what a page may ask of any kind of client.

mod bff;
#[cfg(feature = "draw")]
mod browser;
#[cfg(feature = "draw")]
mod browser_dpop;
#[cfg(feature = "draw")]
mod mediated;
#[cfg(feature = "draw")]
mod portrait;
#[cfg(feature = "draw")]
mod public;
#[cfg(feature = "draw")]
mod worker;

use crate::page::Reading;
use confidant_wire::*;
#[cfg(feature = "draw")]
pub(crate) use portrait::{Place, Portrait};
#[cfg(feature = "ssr")]
pub(crate) use public::SERVICE_WORKER;
use std::{future::Future, pin::Pin};
#[cfg(feature = "ssr")]
pub(crate) use worker::script as service_worker;

/// What a client answers, in its own time.
pub(crate) type Reply<T> = Pin<Box<dyn Future<Output = Result<T, Problem>> + Send>>;

/// What the provider's redirect carried (RFC 6749, section 4.1.2; RFC 9207).
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct AuthorizationResponse {
    /// The authorization code.
    pub(crate) code: Option<String>,
    /// The state sent with the request.
    pub(crate) state: Option<String>,
    /// The issuer.
    pub(crate) iss: Option<String>,
    /// The provider's error code.
    pub(crate) error: Option<String>,
}

/// What a person can have a client do by sending a form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    /// Begin a sign-in.
    SignIn,
    /// Finish it with the provider's answer.
    Finish,
    /// Refresh now.
    Refresh,
    /// Let the token expire.
    Expire,
    /// End the session.
    SignOut,
}

impl Deed {
    const ALL: [Self; 5] = [
        Self::SignIn,
        Self::Finish,
        Self::Refresh,
        Self::Expire,
        Self::SignOut,
    ];

    /// Its name in a form's `data-deed`.
    pub(crate) fn id(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::Finish => "finish",
            Self::Refresh => "refresh",
            Self::Expire => "expire",
            Self::SignOut => "sign_out",
        }
    }

    /// The deed of that name.
    pub(crate) fn named(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|deed| deed.id() == id)
    }
}

/// One kind of OAuth client: what a page may ask of any of them.
pub(crate) trait Client: Send + Sync {
    /// Its kind.
    fn kind(&self) -> ClientKind;
    /// Where a plain HTML form posts to; none for a kind that lives in the
    /// browser and cannot do without scripts.
    fn form(&self, deed: Deed) -> Option<&'static str>;

    /// What the page at this path, with this query, shows.
    fn read(&self, path: String, query: String) -> Reply<Reading>;
    /// Begins a sign-in that ends at the path `return_to`.
    fn start(&self, provider: String, return_to: String) -> Reply<LoginStarted>;
    /// Finishes a sign-in.
    fn finish(&self, response: AuthorizationResponse) -> Reply<LoginFinished>;
    /// Refreshes now.
    fn refresh(&self) -> Reply<TokenView>;
    /// Forgets that the access token is fresh.
    fn expire(&self) -> Reply<TokenView>;
    /// Ends the session.
    fn sign_out(&self) -> Reply<SignedOut>;
}

/// What pages are drawn from: a client where its tokens are. For the backend
/// for frontend that is the server, and the browser gets pages that are drawn.
#[cfg(feature = "draw")]
pub(crate) trait Source: Client {
    /// What it is, in words.
    fn portrait(&self) -> &'static Portrait;
    /// Whether its pages are drawn in the browser, and so take scripts: what
    /// uses a token has no plain form then.
    fn is_live(&self) -> bool {
        self.form(Deed::Refresh).is_none()
    }
    /// Whether one can be such a client with this provider.
    fn is_offered(&self, provider: &ProviderView) -> bool;

    /// Who is signed in.
    fn session(&self) -> Reply<SessionView>;
    /// What may be shown of the token.
    fn token(&self) -> Reply<TokenView>;
    /// The tokens that the page itself has; none where it has none.
    fn held(&self) -> Reply<Held>;
    /// The provider's userinfo, with automatic refresh.
    fn profile(&self) -> Reply<Claims>;
    /// What the provider says of the token.
    fn validate(&self) -> Reply<Validation>;
    /// What the last action did and what travelled.
    fn report(&self) -> Reply<Report>;
}

/// Tokens that a page has and can show.
#[cfg(feature = "draw")]
#[derive(Clone, Default, PartialEq)]
pub(crate) struct Held {
    /// The access token.
    pub(crate) access_token: Option<String>,
    /// The refresh token.
    pub(crate) refresh_token: Option<String>,
}

/// Every kind, in the order in which they are offered. A new one is a line
/// here and a file beside this one.
#[cfg(feature = "draw")]
const CLIENTS: [&dyn Source; 5] = [
    &bff::Bff,
    &mediated::Mediated,
    &browser::BROWSER,
    &browser_dpop::BROWSER_DPOP,
    &worker::WORKER,
];

/// Every kind, in the order in which they are offered.
#[cfg(feature = "draw")]
pub(crate) fn sources() -> impl Iterator<Item = &'static dyn Source> {
    CLIENTS.into_iter()
}

/// What the pages of a kind are drawn from; none where there is no such kind.
#[cfg(feature = "draw")]
pub(crate) fn source(kind: ClientKind) -> Option<&'static dyn Source> {
    sources().find(|source| source.kind() == kind)
}

/// The client of pages that belong to no kind.
#[cfg(feature = "draw")]
pub(crate) fn default() -> &'static dyn Source {
    &bff::Bff
}

/// The page at this path, drawn by this very program.
#[cfg(feature = "draw")]
fn draw_here(path: String, query: String) -> Reply<Reading> {
    #[cfg(feature = "ssr")]
    return Box::pin(async move { Ok(crate::draw::page(path, &query).await) });
    #[cfg(not(feature = "ssr"))]
    Box::pin(send_wrapper::SendWrapper::new(async move {
        Ok(crate::draw::page(path, &query).await)
    }))
}

/// The kind of client whose pages a path belongs to.
pub(crate) fn kind_of(path: &str) -> Option<ClientKind> {
    let kind = path.split('/').nth(1)?.parse().ok()?;
    is_known(kind).then_some(kind)
}

/// The client whose pages the person is on; that of the server elsewhere.
pub(crate) fn here(path: &str) -> &'static dyn Client {
    #[cfg(feature = "draw")]
    if let Some(source) = kind_of(path).and_then(source) {
        return source;
    }
    let _ = path;
    &bff::Bff
}

/// A browser that loaded the pages of the backend for frontend knows no other
/// kind: the rest are pages of their own, loaded as such.
fn is_known(kind: ClientKind) -> bool {
    #[cfg(feature = "draw")]
    return source(kind).is_some();
    #[cfg(not(feature = "draw"))]
    return kind == ClientKind::BFF;
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn a_path_names_its_kind_first() {
        assert_eq!(kind_of("/bff/menu"), Some(ClientKind::BFF));
        for path in ["/menu", "/", "", "/nobody/menu"] {
            assert_eq!(kind_of(path), None, "{path}");
        }
    }

    #[test]
    fn every_deed_is_found_by_the_name_that_its_form_bears() {
        for deed in Deed::ALL {
            assert_eq!(Deed::named(deed.id()), Some(deed));
        }
        assert_eq!(Deed::named("unheard_of"), None);
    }

    #[test]
    fn every_kind_is_found_by_its_id_and_no_two_share_one() {
        for source in sources() {
            let kind = source.kind();
            assert_eq!(kind_of(&format!("/{kind}/menu")), Some(kind));
            let same = sources().filter(|other| other.kind() == kind);
            assert_eq!(same.count(), 1, "{kind}");
        }
    }

    #[test]
    fn whose_tokens_lie_on_the_server_works_without_scripts() {
        for deed in Deed::ALL {
            assert!(bff::Bff.form(deed).is_some(), "{deed:?}");
        }
    }
}
