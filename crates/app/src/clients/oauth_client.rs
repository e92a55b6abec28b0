//! What pages and islands know of a client kind: a trait.

use super::descriptor::Descriptor;
use crate::{page_data::Next, routes::Page};
use confidant_browser::AuthorizationResponse;
use confidant_wire::{ClientKind, Code, Problem, ProviderView};
use std::{future::Future, pin::Pin};

/// The answer of a client, in its own time.
pub type Reply<T> = Pin<Box<dyn Future<Output = Result<T, Problem>>>>;

/// The forms of a page that a client carries out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Starts a sign-in.
    SignIn,
    /// Finishes a sign-in.
    FinishSignIn,
    /// Refreshes the tokens now.
    Refresh,
    /// Lets the token expire, then calls the provider.
    ExpireAndCall,
    /// Ends the session.
    SignOut,
}

impl Form {
    /// Every form.
    #[cfg(test)]
    pub(crate) const ALL: [Self; 5] = [
        Self::SignIn,
        Self::FinishSignIn,
        Self::Refresh,
        Self::ExpireAndCall,
        Self::SignOut,
    ];

    /// Returns the name that marks the form in the page.
    pub(crate) fn id(self) -> &'static str {
        match self {
            Self::SignIn => "sign_in",
            Self::FinishSignIn => "finish_sign_in",
            Self::Refresh => "refresh",
            Self::ExpireAndCall => "expire_and_call",
            Self::SignOut => "sign_out",
        }
    }
}

/// A kind of OAuth client: all that pages and islands know of it.
pub trait OAuthClient: Send + Sync {
    /// Returns its kind.
    fn kind(&self) -> ClientKind;
    /// Describes it.
    fn descriptor(&self) -> &'static Descriptor;
    /// Whether this provider offers it.
    fn is_offered(&self, provider: &ProviderView) -> bool;
    /// Returns where a plain form posts to; none if only a script in the page
    /// can carry the form out.
    fn endpoint(&self, form: Form) -> Option<&'static str>;

    /// Starts a sign-in that ends at the path `return_to`. Returns the
    /// authorization request's URL.
    fn start(&self, provider: String, return_to: String) -> Reply<String>;
    /// Finishes a sign-in. Returns the path to go to.
    fn finish(&self, response: AuthorizationResponse) -> Reply<String>;
    /// Makes the page's call and returns what the page shows.
    fn view(&self, page: Page) -> Reply<Next>;
    /// Refreshes the tokens now.
    fn refresh(&self) -> Reply<Next>;
    /// Lets the token expire, then calls the provider.
    fn expire_and_call(&self) -> Reply<Next>;
    /// Forgets that the access token is fresh.
    fn expire(&self) -> Reply<()>;
    /// Ends the session. Returns the path to go to.
    fn sign_out(&self) -> Reply<String>;
}

/// Returns the problem of a page without a session.
pub(crate) fn not_signed_in() -> Problem {
    Problem::new(Code::NotSignedIn, "Nobody is signed in.")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_form_has_a_name_of_its_own() {
        for form in Form::ALL {
            assert_eq!(
                Form::ALL
                    .iter()
                    .filter(|other| other.id() == form.id())
                    .count(),
                1
            );
        }
    }
}
