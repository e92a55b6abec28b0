//! The public client whose tokens are bound to a key (RFC 9449).

use super::{
    descriptor::{Descriptor, TokenLocation},
    public::{Public, Storage},
};
use crate::routes;

/// RFC 10017, section 6.3, with RFC 9449.
pub(crate) const BROWSER_DPOP: Public = Public {
    kind: routes::BROWSER_DPOP,
    storage: Storage::Page { bound: true },
    descriptor: &DESCRIPTOR,
};

const DESCRIPTOR: Descriptor = Descriptor {
    name: "Browser with DPoP",
    section: "6.3, with RFC 9449",
    summary: "The same public client, but its tokens are bound to a key that cannot leave this \
              browser. A stolen token is no use elsewhere; a script in the page can still use it here.",
    headline: "You have a token. It works in this browser only.",
    obtained_by: "This page obtained it from",
    obtained_as: "as a public client, bound to a key that no script can copy",
    by_hand: "Trades the refresh token in the page, with a proof that it has the key.",
    access_token: TokenLocation::Browser("localStorage, bound to a key"),
    refresh_token: TokenLocation::Browser("localStorage, bound to a key"),
    browser_holds: "both tokens, and a key that can be used but not read",
};
