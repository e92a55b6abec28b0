//! The public client in the browser (RFC 10017, section 6.3): code, tokens and
//! API calls are all the page's own.

use super::{
    descriptor::{Descriptor, TokenLocation},
    public::{Public, Storage},
};
use crate::routes;

/// RFC 10017, section 6.3.
pub(crate) const BROWSER: Public = Public {
    kind: routes::BROWSER,
    storage: Storage::Page { bound: false },
    descriptor: &DESCRIPTOR,
};

const DESCRIPTOR: Descriptor = Descriptor {
    name: "Browser",
    section: "6.3",
    summary: "A public client with PKCE: the page itself trades the code, keeps the tokens \
              and calls the API. Whatever script gets into the page has them, too.",
    headline: "You have a token. So has your browser.",
    obtained_by: "This page obtained it from",
    obtained_as: "as a public client, and has it where any script of the page can read it",
    by_hand: "Trades the refresh token for a new pair, in the page, without any secret.",
    access_token: TokenLocation::Browser("localStorage"),
    refresh_token: TokenLocation::Browser("localStorage"),
    browser_holds: "both tokens, readable by every script in the page",
};
