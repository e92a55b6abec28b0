//! No such page.

use super::plain;
use crate::page::Reading;
use maud::html;

/// Says so, with the status 404.
pub(super) fn page() -> Reading {
    let top = html! {
        h1 { "There is no such page" }
        p {
            "Nothing was lost. " a href="/" { "Start page" } " · " a href="/bff/menu" { "Menu" }
        }
    };
    plain(404, "Not found", top)
}
