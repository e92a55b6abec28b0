//! What a colour says: where a secret is.

/// A colour of the diagram and of the comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Tone {
    /// No secret is involved.
    Plain,
    /// The secret stays on the server.
    Kept,
    /// The secret is in the browser.
    Held,
    /// An attacker could use the secret, or there was an error.
    Lost,
}

impl Tone {
    /// Returns the class for the stylesheet.
    pub(crate) fn class(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Kept => "kept",
            Self::Held => "held",
            Self::Lost => "lost",
        }
    }
}
