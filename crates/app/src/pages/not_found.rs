//! A path without a page.

use super::{
    frame::{framed, head},
    request::Request,
};
use crate::routes::{Page, START};
use confidant_wire::ClientKind;
use leptos::prelude::*;

/// Says so, with the status 404.
pub(super) fn page(request: Request) -> AnyView {
    let main = view! {
        {head(404, "Not found")}
        <h1>"There is no such page"</h1>
        <p>
            "Nothing was lost. " <a href=START>"Start page"</a> " · "
            <a href=Page::Menu.path(ClientKind::BFF)>"Menu"</a>
        </p>
    };
    framed(&request, main)
}
