//! One menu, many clients: what a page may ask of any kind of client.

mod bff;

use crate::page::Reading;
use std::{future::Future, pin::Pin};
use wire::*;

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

/// Where a client keeps its tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// On our server, out of any script's reach.
    Server,
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

/// What pages are drawn from: a client where its tokens are. For a client on
/// the server that is the server, and the browser gets pages that are drawn.
pub(crate) trait Source: Client {
    /// Its name for people.
    fn name(&self) -> &'static str;
    /// The headline once a token is there.
    fn headline(&self) -> &'static str;
    /// Who got the token, and where it is.
    fn whereabouts(&self) -> &'static str;
    /// What a refresh by hand does.
    fn by_hand(&self) -> &'static str;
    /// Where it keeps its tokens.
    fn place(&self) -> Place;
    /// What the browser itself holds of the session.
    fn browser_holds(&self) -> &'static str;

    /// Who is signed in.
    fn session(&self) -> Reply<SessionView>;
    /// What may be shown of the token.
    fn token(&self) -> Reply<TokenView>;
    /// The provider's userinfo, with automatic refresh.
    fn profile(&self) -> Reply<Claims>;
    /// What the provider says of the token.
    fn validate(&self) -> Reply<Validation>;
    /// What the last action did and what travelled.
    fn report(&self) -> Reply<Report>;
}

/// The client of a kind. A new kind is one line here, another below, and one
/// file beside this one.
pub(crate) fn of(kind: ClientKind) -> &'static dyn Client {
    match kind {
        ClientKind::Bff => &bff::Bff,
    }
}

/// What the pages of a kind are drawn from.
pub(crate) fn source(kind: ClientKind) -> &'static dyn Source {
    match kind {
        ClientKind::Bff => &bff::Bff,
    }
}

/// The kind of client whose pages a path belongs to.
pub(crate) fn kind_of(path: &str) -> Option<ClientKind> {
    path.split('/').nth(1)?.parse().ok()
}

/// The client whose pages the person is on; that of the server elsewhere.
pub(crate) fn here(path: &str) -> &'static dyn Client {
    of(kind_of(path).unwrap_or(ClientKind::Bff))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_names_its_kind_first() {
        assert_eq!(kind_of("/bff/menu"), Some(ClientKind::Bff));
        assert_eq!(kind_of("/menu"), None);
        assert_eq!(kind_of("/"), None);
        assert_eq!(kind_of(""), None);
    }

    #[test]
    fn every_deed_is_found_by_the_name_that_its_form_bears() {
        for deed in Deed::ALL {
            assert_eq!(Deed::named(deed.id()), Some(deed));
        }
        assert_eq!(Deed::named("unheard_of"), None);
    }

    #[test]
    fn every_kind_has_the_client_of_that_kind() {
        for kind in ClientKind::ALL {
            assert_eq!(of(*kind).kind(), *kind);
        }
    }
}
