//! What the start page says after a sign-out.

use confidant_wire::ProviderView;
use leptos::prelude::*;

/// Says that the session here is over, and that the one at the provider may not be.
#[component]
pub(crate) fn SignedOut(provider: ProviderView) -> impl IntoView {
    let there = provider.end_session_url.map(|url| {
        view! {
            <p>
                "The provider may still know you, and let you in again without asking. "
                <a href=url>"Sign out at " {provider.name} " as well"</a>
            </p>
        }
    });
    view! {
        <section class="sheet farewell" role="status">
            <h2>"You are signed out"</h2>
            <p>"The session here is over and its tokens are deleted."</p>
            {there}
        </section>
    }
}
