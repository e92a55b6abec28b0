//! The bare paths of the example lead to the pages of the confidential
//! client.

use super::plain;
use crate::page::{Page, Reading};
use confidant_wire::ClientKind;
use maud::html;

/// Leads on with the status 307.
pub(super) fn page(page: Page) -> Reading {
    let target = page.path(ClientKind::BFF);
    let top = html! { p { "This page is at " a href=(target) { (target) } "." } };
    Reading {
        location: Some(target),
        ..plain(307, page.title(), top)
    }
}
