//! The clients that this program links.

use super::oauth_client::OAuthClient;
use crate::routes::KINDS;
use confidant_wire::{ClientKind, Code, Problem, ProviderView};
use leptos::prelude::AnyView;
use std::sync::OnceLock;

/// What a frontend links. What it does not name here is not in its WebAssembly.
pub struct Frontend {
    /// The clients.
    pub clients: &'static [&'static dyn OAuthClient],
    /// Renders the fault panel's page.
    pub fault_panel: Option<fn() -> AnyView>,
    /// Renders the comparison.
    pub comparison: Option<fn() -> AnyView>,
}

/// A program that links no client.
const NONE: &Frontend = &Frontend {
    clients: &[],
    fault_panel: None,
    comparison: None,
};

static LINKED: OnceLock<&'static Frontend> = OnceLock::new();

/// Sets what this program links.
pub fn link(frontend: &'static Frontend) {
    // Set once: a program has one frontend.
    let _ = LINKED.set(frontend);
}

/// Returns what this program links.
pub(crate) fn linked() -> &'static Frontend {
    LINKED.get().copied().unwrap_or(NONE)
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

/// Returns the problem of a session that belongs to another kind: a browser has
/// one session at the server, of one kind or the other.
pub(crate) fn other_kind(kind: ClientKind) -> Problem {
    let name = client(kind).map_or("another kind", |client| client.descriptor().name);
    Problem::new(
        Code::OtherKind,
        format!("This browser is signed in, but to another kind of client: {name}."),
    )
}
