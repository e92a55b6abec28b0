//! Landing from another site. A Strict cookie stays at home then, so the
//! server cannot tell who it is. Asked once more from our own page, it can.

use super::plain;
use crate::page::{Page, Reading};
use maud::html;

/// In the query of a page that was asked for again: now the answer is
/// believed, for a browser that never sends cookies must not go in circles.
pub(super) const MARK: &str = "checked=1";

/// A page for the moment in between. A script asks again; without one, the
/// page reloads itself, and brings the cookie along.
pub(super) fn page(path: &str) -> Reading {
    // Of our own making, and nothing that a visitor put in.
    let path = match Page::at(path) {
        Some((kind, page)) => page.path(kind),
        None => "/".to_owned(),
    };
    let again = format!("{path}?{MARK}");
    let top = html! {
        h1 { "One moment" }
        p.soft {
            "You came from another site, and the session cookie is not sent along then. "
            "Asking again from here."
        }
        noscript { meta http-equiv="refresh" content={ "0;url=" (again) }; }
        p { a href=(again) { "Go on by hand" } }
    };
    Reading {
        unknown: true,
        ..plain(200, "One moment", top)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_reload_leads_to_a_page_of_ours_with_the_mark() {
        let top = page("/bff/profile").parts.top;
        assert!(
            top.contains(r#"content="0;url=/bff/profile?checked=1""#),
            "{top}"
        );
        let top = page(r#"/"><script>"#).parts.top;
        assert!(top.contains(r#"content="0;url=/?checked=1""#), "{top}");
    }
}
