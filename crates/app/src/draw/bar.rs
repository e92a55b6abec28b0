//! The bar above every page.

use super::offered;
use crate::{
    client::{self, Deed, kind_of},
    form,
    frame::icon,
};
use confidant_wire::ProviderView;
use maud::{Markup, html};

/// Name, kinds of client, and who is signed in.
pub(super) fn bar(path: &str, name: Option<&str>, providers: &[ProviderView]) -> Markup {
    let here = kind_of(path);
    html! {
        (icon::name())
        nav aria-label="Client kind" {
            ul.kinds {
                // Each kind is an application of its own, and loaded as one.
                @for source in offered(providers) {
                    @let kind = source.kind();
                    li {
                        a href={ "/" (kind) "/menu" } rel="external" aria-current=[(here == Some(kind)).then_some("true")] {
                            (source.portrait().name)
                        }
                    }
                }
            }
        }
        a.compare href="/compare" rel="external" aria-current=[(path == "/compare").then_some("true")] { "Compare" }
        @if let Some(name) = name {
            div.who {
                span.soft { (name) }
                (form::deed(client::here(path), Deed::SignOut, "Sign out"))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn the_kind_of_the_page_is_marked_and_signing_out_is_a_form() {
        let providers = [sample::provider()];
        let drawn = bar("/bff/profile", Some("<i>"), &providers).into_string();
        assert!(
            drawn.contains(r#"href="/bff/menu" rel="external" aria-current="true""#),
            "{drawn}"
        );
        assert!(drawn.contains(r#"action="/auth/logout""#), "{drawn}");
        assert!(!drawn.contains("<i>"), "{drawn}");
        let drawn = bar("/", None, &providers).into_string();
        assert!(
            !drawn.contains("aria-current") && !drawn.contains("<form"),
            "{drawn}"
        );
    }
}
