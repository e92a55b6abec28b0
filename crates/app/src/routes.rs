//! Every path of the application, once.

use confidant_wire::ClientKind;
use serde::{Deserialize, Serialize};

/// The start page.
pub const START: &str = "/";
/// The comparison of all client kinds.
pub const COMPARE: &str = "/compare";
/// The redirect URI of the server's clients.
pub const CALLBACK: &str = "/callback";
/// The script of the service worker, above all pages of its kind.
pub const SERVICE_WORKER: &str = "/worker/sw.js";
/// The prefix of the server functions.
pub const SERVER_FUNCTIONS: &str = "/app/";
/// The prefix of those that control the demo provider.
pub const DEMO_FUNCTIONS: &str = "/app/demo/";

/// The public client in the browser.
pub(crate) const BROWSER: ClientKind = ClientKind::named("browser");
/// The same with DPoP.
pub(crate) const BROWSER_DPOP: ClientKind = ClientKind::named("browser-dpop");
/// The public client in a service worker.
pub(crate) const WORKER: ClientKind = ClientKind::named("worker");

/// Every client kind that has pages, in the order of the menu bar.
pub(crate) const KINDS: [ClientKind; 5] = [
    ClientKind::BFF,
    ClientKind::MEDIATED,
    BROWSER,
    BROWSER_DPOP,
    WORKER,
];

/// Returns the start page for a user who has just signed out at this provider.
pub(crate) fn signed_out(provider: Option<&str>) -> String {
    match provider {
        Some(provider) => format!("{START}?signed_out={provider}"),
        None => START.to_owned(),
    }
}

/// The pages that every client kind has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Page {
    /// The four actions.
    Menu,
    /// The account profile.
    Profile,
    /// What an automatic refresh changed.
    AutomaticRefresh,
    /// What a refresh by hand changed.
    ManualRefresh,
    /// What the provider says of the token.
    Validate,
    /// The fault panel of the demo.
    Faults,
}

impl Page {
    const ALL: [Self; 6] = [
        Self::Menu,
        Self::Profile,
        Self::AutomaticRefresh,
        Self::ManualRefresh,
        Self::Validate,
        Self::Faults,
    ];

    /// Returns the page's part of the path.
    fn id(self) -> &'static str {
        match self {
            Self::Menu => "menu",
            Self::Profile => "profile",
            Self::AutomaticRefresh => "automatic_refresh",
            Self::ManualRefresh => "manual_refresh",
            Self::Validate => "validate",
            Self::Faults => "faults",
        }
    }

    /// Returns the page's path with a client kind.
    pub fn path(self, kind: ClientKind) -> String {
        format!("/{kind}/{}", self.id())
    }

    /// Returns the title for the window.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Menu => "Menu",
            Self::Profile => "Account profile",
            Self::AutomaticRefresh => "Automatic refresh",
            Self::ManualRefresh => "Refresh by hand",
            Self::Validate => "Validation",
            Self::Faults => "Make something go wrong",
        }
    }

    fn named(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|page| page.id() == id)
    }
}

/// What a path leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Route {
    /// The start page.
    Start,
    /// The comparison.
    Compare,
    /// The redirect URI: of the server's clients, or of one kind.
    Callback(Option<ClientKind>),
    /// A page of a client kind.
    Client(ClientKind, Page),
    /// A bare path of the example, which redirects to the `bff` page.
    Bare(Page),
}

impl Route {
    /// Returns the route of a path.
    pub fn at(path: &str) -> Option<Self> {
        match path {
            START => return Some(Self::Start),
            COMPARE => return Some(Self::Compare),
            CALLBACK => return Some(Self::Callback(None)),
            _ => {}
        }
        let Some((kind, page)) = path.trim_matches('/').split_once('/') else {
            return Page::named(path.trim_matches('/')).map(Self::Bare);
        };
        let kind = KINDS.into_iter().find(|known| known.id() == kind)?;
        match Page::named(page) {
            Some(page) => Some(Self::Client(kind, page)),
            None if format!("/{page}") == CALLBACK => Some(Self::Callback(Some(kind))),
            None => None,
        }
    }

    /// Whether a client runs in the page, which therefore may connect to the
    /// provider.
    pub fn runs_client(self) -> bool {
        match self {
            Self::Compare => true,
            Self::Client(kind, _) | Self::Callback(Some(kind)) => kind != ClientKind::BFF,
            Self::Start | Self::Callback(None) | Self::Bare(_) => false,
        }
    }

    /// Whether the page loads the frontend of every kind.
    pub fn loads_every_kind(self) -> bool {
        self.runs_client() || matches!(self, Self::Client(_, Page::Faults))
    }

    /// Whether a navigation to this page goes past the provider first if only a
    /// new authorization can give it tokens. The fault panel is left out: there
    /// the user decides what happens next.
    pub fn needs_server_tokens(self) -> bool {
        matches!(self, Self::Client(kind, page) if kind.is_confidential() && page != Page::Faults)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_found_at_its_path_and_nowhere_else() {
        for page in Page::ALL {
            for kind in KINDS {
                let route = Route::at(&page.path(kind));
                assert_eq!(route, Some(Route::Client(kind, page)));
            }
        }
        for path in ["/bff", "/bff/", "/nobody/menu", "/bff/menu/more"] {
            assert_eq!(Route::at(path), None, "{path}");
        }
    }

    #[test]
    fn a_path_names_its_kind_first() {
        assert_eq!(
            Route::at("/bff/menu"),
            Some(Route::Client(ClientKind::BFF, Page::Menu))
        );
        assert_eq!(Route::at("/menu"), Some(Route::Bare(Page::Menu)));
        assert_eq!(Route::at("/"), Some(Route::Start));
        for path in ["", "/nobody/menu", "/nobody/callback"] {
            assert_eq!(Route::at(path), None, "{path}");
        }
    }

    #[test]
    fn the_server_has_one_callback_and_each_kind_its_own() {
        assert_eq!(Route::at("/callback"), Some(Route::Callback(None)));
        let own = Route::at("/browser/callback");
        assert_eq!(own, Some(Route::Callback(Some(BROWSER))));
    }
}
