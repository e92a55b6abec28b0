//! The mark: a shield with a keyhole.

use maud::{Markup, html};

/// The mark and the name beside it, as the way to the start page.
pub(crate) fn name() -> Markup {
    html! {
        a.name href="/" {
            svg width="22" height="22" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2.2" aria-hidden="true" {
                path d="M12 3 4 6v6c0 4.6 3.3 7.9 8 9 4.7-1.1 8-4.4 8-9V6z" {}
                circle cx="12" cy="11" r="2.1" fill="currentColor" stroke="none" {}
                path d="M12 12v4" {}
            }
            "Confidant"
        }
    }
}

/// The same mark as the page's icon, where a browser would otherwise ask for
/// a file.
#[cfg(feature = "ssr")]
pub(super) const FAVICON: &str = concat!(
    "data:image/svg+xml,",
    "%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 24 24' fill='none' ",
    "stroke='%230b8f7c' stroke-width='2.4'%3E",
    "%3Cpath d='M12 3 4 6v6c0 4.6 3.3 7.9 8 9 4.7-1.1 8-4.4 8-9V6z'/%3E",
    "%3Ccircle cx='12' cy='11' r='2.1' fill='%230b8f7c' stroke='none'/%3E",
    "%3Cpath d='M12 12v4'/%3E%3C/svg%3E",
);
