//! One menu, many clients: what a page may ask of any kind of client.

mod bff;

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

/// Where a client keeps its tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// On our server, out of any script's reach.
    Server,
}

/// One kind of OAuth client, as the pages see it.
pub(crate) trait Client: Send + Sync {
    /// Its kind.
    fn kind(&self) -> ClientKind;
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
    /// Where a plain HTML form posts to; none for a kind that lives in the
    /// browser and cannot do without scripts.
    fn form(&self, deed: Deed) -> Option<&'static str>;

    /// Begins a sign-in that ends at the path `return_to`.
    fn start(&self, provider: String, return_to: String) -> Reply<LoginStarted>;
    /// Finishes a sign-in.
    fn finish(&self, response: AuthorizationResponse) -> Reply<LoginFinished>;
    /// Who is signed in.
    fn session(&self) -> Reply<SessionView>;
    /// What may be shown of the token.
    fn token(&self) -> Reply<TokenView>;
    /// The provider's userinfo, with automatic refresh.
    fn profile(&self) -> Reply<Claims>;
    /// Refreshes now.
    fn refresh(&self) -> Reply<TokenView>;
    /// Forgets that the access token is fresh.
    fn expire(&self) -> Reply<TokenView>;
    /// What the provider says of the token.
    fn validate(&self) -> Reply<Validation>;
    /// Ends the session.
    fn sign_out(&self) -> Reply<SignedOut>;
    /// What the last action did and what travelled.
    fn report(&self) -> Reply<Report>;
}

/// The client of a kind. A new kind is one line here and one file beside
/// this one.
pub(crate) fn of(kind: ClientKind) -> &'static dyn Client {
    match kind {
        ClientKind::Bff => &bff::Bff,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_the_client_of_that_kind() {
        for kind in ClientKind::ALL {
            assert_eq!(of(*kind).kind(), *kind);
        }
    }
}
