//! No such page.

use super::status;
use leptos::prelude::*;
use leptos_meta::Title;

/// A page that says so, with the status 404.
#[component]
pub(crate) fn NotFound() -> impl IntoView {
    status::set(404);
    view! {
        <Title text="Not found" />
        <h1>"There is no such page"</h1>
        <p>
            "Nothing was lost. " <a href="/">"Start page"</a> " · "
            <a href="/bff/menu">"Menu"</a>
        </p>
    }
    .into_any()
}
