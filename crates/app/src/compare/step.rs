//! The steps of the scenario, the same for every kind.

use serde::{Deserialize, Serialize};

/// One step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Step {
    /// Go to the provider, where the user signs in.
    SignIn,
    /// Fetch the profile.
    Call,
    /// Let the token expire, and fetch the profile.
    ExpireAndCall,
    /// Refresh by hand.
    Refresh,
    /// Let the token expire, and fetch the profile in two frames at once.
    SecondTab,
    /// Reload the page.
    Reload,
    /// Close the page and open it again.
    ComeBack,
    /// Sign out.
    SignOut,
}

impl Step {
    /// All of them, in order.
    pub(crate) const ALL: [Self; 8] = [
        Self::SignIn,
        Self::Call,
        Self::ExpireAndCall,
        Self::Refresh,
        Self::SecondTab,
        Self::Reload,
        Self::ComeBack,
        Self::SignOut,
    ];

    /// Returns its name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::SignIn => "Sign in",
            Self::Call => "Call",
            Self::ExpireAndCall => "Expire and call",
            Self::Refresh => "Refresh by hand",
            Self::SecondTab => "Two at once",
            Self::Reload => "Reload",
            Self::ComeBack => "Close and come back",
            Self::SignOut => "Sign out",
        }
    }
}
