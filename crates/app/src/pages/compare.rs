//! The comparison of all client kinds.

use super::{
    frame::{framed, head},
    request::Request,
};
use crate::{clients, islands::comparison::Comparison};
use leptos::prelude::*;

/// Renders the page with nothing measured yet.
pub(super) fn page(request: Request) -> AnyView {
    let settings = clients::provider_settings(&request.providers);
    let main = view! {
        {head(200, "Compare")}
        <h1>"Every kind of client, measured"</h1>
        <p class="lead">
            "The same scenario runs in each kind you choose, on its ordinary pages, which you see \
             in a frame. What comes out in the table was counted and searched for while it ran; \
             nothing in it is taken from a book."
        </p>
        <noscript>
            <div class="sheet problem" role="alert">
                <p>
                    "The comparison presses the buttons of the other pages, which takes scripts. \
                     Switch them on."
                </p>
            </div>
        </noscript>
        <Comparison settings />
    };
    framed(&request, main)
}
