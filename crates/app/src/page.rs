//! The pages: which there are, and how one is shown. What a page shows comes
//! drawn, from where its client is.

mod callback;
mod reading;
mod shown;
#[cfg(feature = "ssr")]
mod status;

pub(crate) use callback::Callback;
#[cfg(feature = "draw")]
pub(crate) use callback::is_callback;
pub(crate) use reading::{Parts, Reading, Readings};
pub(crate) use shown::Shown;

use confidant_wire::ClientKind;

/// Pages of no kind that run clients of their own.
#[cfg(feature = "ssr")]
pub(crate) const LIVE: [&str; 1] = [crate::compare::PATH];

/// The pages that every kind of client has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Page {
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
    /// What can be made to go wrong, in the demo.
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

    /// The page's part of the path.
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

    /// The page's path with a kind of client.
    pub(crate) fn path(self, kind: ClientKind) -> String {
        format!("/{kind}/{}", self.id())
    }

    /// Whether the page calls the provider, beyond looking at the session.
    #[cfg(feature = "ssr")]
    pub(crate) fn calls(self) -> bool {
        !matches!(self, Self::Menu | Self::ManualRefresh | Self::Faults)
    }

    /// Whether whoever goes there is led past the provider first, if that is
    /// the only way to new tokens. Not on the way to the faults: there one
    /// decides what happens next.
    #[cfg(feature = "ssr")]
    pub(crate) fn needs_tokens(self) -> bool {
        self != Self::Faults
    }

    /// The page that a bare path of the example means.
    pub(crate) fn bare(path: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|it| it.id() == path.trim_matches('/'))
    }

    /// The kind and page at a path.
    pub(crate) fn at(path: &str) -> Option<(ClientKind, Self)> {
        let kind = crate::client::kind_of(path)?;
        let (_, page) = path.trim_matches('/').split_once('/')?;
        let page = Self::ALL.into_iter().find(|it| it.id() == page)?;
        Some((kind, page))
    }

    /// What it is called in the window's title.
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_is_found_at_its_path_and_nowhere_else() {
        for page in Page::ALL {
            let path = page.path(ClientKind::BFF);
            assert_eq!(Page::at(&path), Some((ClientKind::BFF, page)));
        }
        for path in [
            "/",
            "/menu",
            "/bff",
            "/bff/",
            "/nobody/menu",
            "/bff/menu/more",
        ] {
            assert_eq!(Page::at(path), None, "{path}");
        }
    }
}
