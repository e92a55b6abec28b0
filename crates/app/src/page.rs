//! The pages. Each is put together from components here; what they show is
//! read through the [`Client`](crate::client::Client) trait.

mod claims;
mod home;
mod kind_page;
mod lead;
mod menu;
mod not_found;
mod outcome;
mod recheck;
mod seen;
mod sign_in_first;
mod status;

pub(crate) use home::Home;
pub(crate) use kind_page::KindPage;
pub(crate) use lead::Lead;
pub(crate) use not_found::NotFound;

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
}

impl Page {
    /// The page's part of the path.
    pub(crate) fn id(self) -> &'static str {
        match self {
            Self::Menu => "menu",
            Self::Profile => "profile",
            Self::AutomaticRefresh => "automatic_refresh",
            Self::ManualRefresh => "manual_refresh",
            Self::Validate => "validate",
        }
    }

    /// What it is called in the window's title.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Menu => "Menu",
            Self::Profile => "Account profile",
            Self::AutomaticRefresh => "Automatic refresh",
            Self::ManualRefresh => "Refresh by hand",
            Self::Validate => "Validation",
        }
    }
}
