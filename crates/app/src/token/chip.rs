//! A word with a colour. The colour says where a secret is, and so does the
//! word.

use crate::client::Place;
use leptos::prelude::*;

/// Where a secret is.
#[component]
pub(super) fn PlaceChip(place: Place) -> impl IntoView {
    let (class, text) = match place {
        Place::Server => ("chip kept", "kept on the server"),
    };
    view! { <span class=class>{text}</span> }.into_any()
}
