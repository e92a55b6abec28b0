//! A kind of client in words: what its pages say of it.

/// Where a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    /// On our server, where no script can reach it.
    Server,
    /// In the browser; where there.
    Browser(&'static str),
}

/// What one kind of client is.
#[derive(Debug)]
pub(crate) struct Portrait {
    /// Its name for people.
    pub(crate) name: &'static str,
    /// The section of RFC 10017 that is about it.
    pub(crate) section: &'static str,
    /// What it is, in a sentence or two.
    pub(crate) summary: &'static str,
    /// The headline once a token is there.
    pub(crate) headline: &'static str,
    /// Who obtained the token: the beginning of a sentence.
    pub(crate) obtained_by: &'static str,
    /// As what, and where it is kept: the end of that sentence.
    pub(crate) obtained_as: &'static str,
    /// What a refresh by hand does.
    pub(crate) by_hand: &'static str,
    /// Where the access token is.
    pub(crate) access_token: Place,
    /// Where the refresh token is.
    pub(crate) refresh_token: Place,
    /// What the browser itself holds of the session.
    pub(crate) browser_holds: &'static str,
}
