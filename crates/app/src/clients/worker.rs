//! The public client whose tokens only a service worker has (RFC 10017,
//! section 7.4, which discourages it).

use super::{
    descriptor::{Descriptor, TokenLocation},
    public::{Public, Storage},
};
use crate::routes;

/// RFC 10017, section 7.4.
pub(crate) const WORKER: Public = Public {
    kind: routes::WORKER,
    storage: Storage::Worker,
    descriptor: &DESCRIPTOR,
};

/// Returns the service worker's script; none if no provider has a public client.
#[cfg(feature = "ssr")]
pub(crate) fn script(providers: Vec<confidant_wire::ProviderView>, origin: &str) -> Option<String> {
    let public = providers.into_iter().find_map(|provider| provider.public)?;
    Some(WORKER.service_worker(public, origin))
}

const DESCRIPTOR: Descriptor = Descriptor {
    name: "Service worker",
    section: "7.4 (discouraged)",
    summary: "A public client whose tokens lie in the memory of a service worker, which attaches \
              them to calls. The page never sees them, but a script in it can get new ones.",
    headline: "You have a token. Your page doesn’t, its worker does.",
    obtained_by: "The service worker obtained it from",
    obtained_as: "as a public client, and keeps it in its own memory",
    by_hand: "Has the service worker trade the refresh token, without any secret.",
    access_token: TokenLocation::Browser("a service worker’s memory"),
    refresh_token: TokenLocation::Browser("a service worker’s memory"),
    browser_holds: "both tokens, in a worker that no script of the page can look into",
};
