//! A client kind in words, as its pages describe it.

/// Where a token is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenLocation {
    /// On our server, where no script can reach it.
    Server,
    /// In the browser, at this place.
    Browser(&'static str),
}

/// What the pages say of a client kind.
#[derive(Debug)]
pub struct Descriptor {
    /// The name.
    pub name: &'static str,
    /// The section of RFC 10017 about it.
    pub section: &'static str,
    /// What it is, in a sentence or two.
    pub summary: &'static str,
    /// The headline of the menu.
    pub headline: &'static str,
    /// Who obtained the token: the beginning of a sentence.
    pub obtained_by: &'static str,
    /// As which client, and where it is kept: the end of that sentence.
    pub obtained_as: &'static str,
    /// What a refresh by hand does.
    pub by_hand: &'static str,
    /// Where the access token is.
    pub access_token: TokenLocation,
    /// Where the refresh token is.
    pub refresh_token: TokenLocation,
    /// What the browser itself holds.
    pub browser_holds: &'static str,
}
