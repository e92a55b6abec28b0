//! One menu, many clients: the trait that every client kind implements, and the
//! kinds. A new kind is a file in this folder, a line in [`EVERY_KIND`] and its
//! name in `routes`.

mod bff;
mod browser;
mod browser_dpop;
mod descriptor;
mod mediated;
mod public;
mod worker;

use crate::{
    compare, fault_panel,
    page_data::Next,
    routes::{KINDS, Page},
};
pub(crate) use confidant_browser::AuthorizationResponse;
use confidant_wire::{ClientKind, Code, Problem, ProviderView};
pub use descriptor::{Descriptor, TokenLocation};
use leptos::prelude::AnyView;
pub(crate) use public::{providers, set_providers};
#[cfg(not(feature = "ssr"))]
use std::sync::OnceLock;
use std::{future::Future, pin::Pin};
#[cfg(feature = "ssr")]
pub(crate) use worker::script as service_worker;

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

/// What a frontend links. What it does not name here is not in its WebAssembly.
pub struct Frontend {
    /// The clients.
    pub clients: &'static [&'static dyn OAuthClient],
    /// Renders the fault panel's page.
    pub fault_panel: Option<fn() -> AnyView>,
    /// Renders the comparison.
    pub comparison: Option<fn() -> AnyView>,
}

/// The frontend of the `bff` pages.
pub static BFF: Frontend = Frontend {
    clients: &[&bff::Bff],
    fault_panel: None,
    comparison: None,
};

/// The frontend of all other pages, among them the comparison and the fault panel.
pub static EVERY_KIND: Frontend = Frontend {
    clients: &[
        &bff::Bff,
        &mediated::Mediated,
        &browser::BROWSER,
        &browser_dpop::BROWSER_DPOP,
        &worker::WORKER,
    ],
    fault_panel: Some(fault_panel::page),
    comparison: Some(compare::view),
};

#[cfg(not(feature = "ssr"))]
static LINKED: OnceLock<&'static Frontend> = OnceLock::new();

/// Sets what this WebAssembly links.
#[cfg(not(feature = "ssr"))]
pub(crate) fn link(frontend: &'static Frontend) {
    // Set once: there is one frontend in a page.
    let _ = LINKED.set(frontend);
}

/// Returns what this program links.
pub(crate) fn linked() -> &'static Frontend {
    #[cfg(feature = "ssr")]
    return &EVERY_KIND;
    #[cfg(not(feature = "ssr"))]
    LINKED.get().copied().unwrap_or(&BFF)
}

/// Returns the client of this kind.
pub(crate) fn client(kind: ClientKind) -> Option<&'static dyn OAuthClient> {
    let mut clients = linked().clients.iter().copied();
    clients.find(|client| client.kind() == kind)
}

/// Returns the clients that at least one provider offers, in the order of the
/// menu bar.
pub(crate) fn offered(providers: &[ProviderView]) -> Vec<&'static dyn OAuthClient> {
    KINDS
        .into_iter()
        .filter_map(client)
        .filter(|client| providers.iter().any(|provider| client.is_offered(provider)))
        .collect()
}

/// Returns the providers that offer this client.
#[cfg(feature = "ssr")]
pub(crate) fn choices(
    client: &dyn OAuthClient,
    providers: &[ProviderView],
) -> Vec<crate::page_data::ProviderChoice> {
    providers
        .iter()
        .filter(|provider| client.is_offered(provider))
        .map(|provider| crate::page_data::ProviderChoice {
            id: provider.id.clone(),
            name: provider.name.clone(),
        })
        .collect()
}

/// Writes what the clients in the browser need to know of the providers, as JSON.
/// A frontend without such clients passes it on unread. Nothing in it is secret.
#[cfg(feature = "ssr")]
pub(crate) fn provider_settings(providers: &[ProviderView]) -> String {
    leptos::serde_json::to_string(providers).unwrap_or_default()
}

/// Returns the problem of a page without a session.
pub(crate) fn not_signed_in() -> Problem {
    Problem::new(Code::NotSignedIn, "Nobody is signed in.")
}

/// Returns the problem of a session that belongs to another kind: a browser has
/// one session at the server, of one kind or the other.
pub(crate) fn other_kind(kind: ClientKind) -> Problem {
    let name = client(kind).map_or("another kind", |client| client.descriptor().name);
    Problem::new(
        Code::OtherKind,
        format!("This browser is signed in, but to another kind of client: {name}."),
    )
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    const FORMS: [Form; 5] = [
        Form::SignIn,
        Form::FinishSignIn,
        Form::Refresh,
        Form::ExpireAndCall,
        Form::SignOut,
    ];

    #[test]
    fn every_form_has_a_name_of_its_own() {
        for form in FORMS {
            assert_eq!(
                FORMS.iter().filter(|other| other.id() == form.id()).count(),
                1
            );
        }
    }

    #[test]
    fn every_kind_has_one_client() {
        assert_eq!(EVERY_KIND.clients.len(), KINDS.len());
        for kind in KINDS {
            let same = EVERY_KIND
                .clients
                .iter()
                .filter(|client| client.kind() == kind);
            assert_eq!(same.count(), 1, "{kind}");
        }
    }

    #[test]
    fn a_client_whose_tokens_are_on_the_server_works_without_scripts() {
        for form in FORMS {
            assert!(bff::Bff.endpoint(form).is_some(), "{form:?}");
        }
    }
}
