//! The bar above every page.

use crate::{
    client::{self, Deed, kind_of},
    form,
    frame::icon,
};
use maud::{Markup, html};
use wire::ClientKind;

/// Name, kinds of client, and who is signed in.
pub(super) fn bar(path: &str, name: Option<&str>) -> Markup {
    let here = kind_of(path);
    html! {
        (icon::name())
        nav aria-label="Client kind" {
            ul.kinds {
                @for kind in ClientKind::ALL {
                    li {
                        a href={ "/" (kind) "/menu" } aria-current=[(here == Some(*kind)).then_some("true")] {
                            (client::source(*kind).name())
                        }
                    }
                }
            }
        }
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

    #[test]
    fn the_kind_of_the_page_is_marked_and_signing_out_is_a_form() {
        let drawn = bar("/bff/profile", Some("<i>")).into_string();
        assert!(
            drawn.contains(r#"href="/bff/menu" aria-current="true""#),
            "{drawn}"
        );
        assert!(drawn.contains(r#"action="/auth/logout""#), "{drawn}");
        assert!(!drawn.contains("<i>"), "{drawn}");
        let drawn = bar("/", None).into_string();
        assert!(
            !drawn.contains("aria-current") && !drawn.contains("<form"),
            "{drawn}"
        );
    }
}
