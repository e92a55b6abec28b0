//! The bar above every page, rendered by the server.

use super::mark::Mark;
use crate::{clients, routes};
use confidant_wire::{ClientKind, ProviderView};
use leptos::prelude::*;

/// The name, the client kinds and the comparison. On a narrow screen they fold
/// away.
#[component]
pub(crate) fn HeaderBar(
    path: String,
    here: Option<ClientKind>,
    providers: Vec<ProviderView>,
) -> impl IntoView {
    let current = |is_here: bool| is_here.then_some("true");
    let kinds: Vec<_> = clients::offered(&providers)
        .into_iter()
        .map(|client| {
            let kind = client.kind();
            view! {
                <li>
                    <a href=routes::Page::Menu.path(kind) aria-current=current(here == Some(kind))>
                        {client.descriptor().name}
                    </a>
                </li>
            }
        })
        .collect();
    view! {
        <Mark />
        <details class="kinds-menu">
            <summary>"Menu"</summary>
        </details>
        <nav class="kinds" aria-label="Client kind">
            <ul>
                {kinds}
                <li>
                    <a href=routes::COMPARE aria-current=current(path == routes::COMPARE)>"Compare"</a>
                </li>
            </ul>
        </nav>
    }
}

#[cfg(test)]
#[cfg(feature = "ssr")]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn the_kind_of_the_page_is_marked() {
        let providers = vec![samples::provider()];
        let bar = |path: &str, here| {
            let (path, providers) = (path.to_owned(), providers.clone());
            samples::html(|| view! { <HeaderBar path here providers /> })
        };
        let html = bar("/bff/profile", Some(ClientKind::BFF));
        assert!(
            html.contains(r#"href="/bff/menu" aria-current="true""#),
            "{html}"
        );
        let html = bar("/", None);
        assert!(!html.contains("aria-current"), "{html}");
    }
}
