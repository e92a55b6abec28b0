//! The way back to the menu.

use crate::{
    actions::{Action, PageState},
    routes::Page,
};
use leptos::{ev, prelude::*};

/// A link to the menu, which the page shows in its place.
#[component]
pub(crate) fn BackToMenu() -> impl IntoView {
    let state = expect_context::<PageState>();
    let go = move |event: ev::MouseEvent| {
        // With a modifier key it is the browser's link.
        if !(event.ctrl_key() || event.meta_key() || event.shift_key()) {
            event.prevent_default();
            state.run(Action::View(Page::Menu));
        }
    };
    view! {
        <p class="back">
            <a href=Page::Menu.path(state.client.kind()) on:click=go>{"Back to the menu"}</a>
        </p>
    }
}
