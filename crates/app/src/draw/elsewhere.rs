//! A page whose client lives in the browser. The server can tell nothing of
//! it, and draws what stands there until the page draws itself.

use super::{bar, plain};
use crate::{client::Source, page::Reading};
use confidant_wire::ProviderView;
use maud::html;

/// Says where the client is, and that it cannot do without scripts.
pub(super) fn page(source: &dyn Source, path: String, providers: &[ProviderView]) -> Reading {
    let portrait = source.portrait();
    let top = html! {
        h1 { (portrait.name) }
        p.soft { (portrait.summary) }
        noscript {
            div.sheet.problem role="alert" {
                p {
                    "This client is a program in your browser, and your browser runs no \
                     scripts on this page. Switch them on, or take the kind that needs none: "
                    a href="/bff/menu" rel="external" { "backend for frontend" } "."
                }
            }
        }
    };
    let mut reading = Reading {
        path,
        unknown: true,
        ..plain(200, portrait.name, top)
    };
    reading.parts.bar = bar::bar(&reading.path, None, providers).into_string();
    reading
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client;

    #[test]
    fn a_browser_without_scripts_is_told_and_shown_a_way_on() {
        let source = client::source("browser".parse().unwrap()).unwrap();
        let reading = page(source, "/browser/menu".to_owned(), &[]);
        assert!(reading.unknown && reading.path == "/browser/menu");
        assert!(reading.parts.top.contains("<noscript>"));
        assert!(reading.parts.top.contains(r#"href="/bff/menu""#));
    }
}
