//! A page whose client runs in the browser, before that client runs. Server and
//! browser render it alike.

use crate::clients::OAuthClient;
use leptos::prelude::*;

/// What the client is.
#[component]
pub(crate) fn Loading(client: &'static dyn OAuthClient) -> impl IntoView {
    let descriptor = client.descriptor();
    view! {
        <h1>{descriptor.name}</h1>
        <p class="soft">{descriptor.summary}</p>
    }
}
