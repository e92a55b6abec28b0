//! The active faults in a sentence, on the other pages of a client kind.

use crate::routes::Page;
use confidant_wire::ClientKind;
use leptos::prelude::*;

/// The sentence, and the way to the fault panel.
#[component]
pub(crate) fn FaultNote(kind: ClientKind, faults: String) -> impl IntoView {
    view! {
        <aside class="faults-note" aria-label="What goes wrong">
            <p><span class="soft">{faults}</span></p>
            <a href=Page::Faults.path(kind)>{Page::Faults.title()}</a>
        </aside>
    }
}
