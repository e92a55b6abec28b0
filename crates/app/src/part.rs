//! The parts of a page that are drawn with maud, by the same code wherever
//! that happens to be. Such a part is one string to Leptos: hydration has
//! nothing to do in it, and the browser loads no code to build, hydrate and
//! rebuild each element. Everything put into such a string was escaped.

use leptos::prelude::*;
use maud::Markup;

/// A part that stays as it is until the page is read anew.
pub(crate) fn still(class: &'static str, html: String) -> AnyView {
    view! { <div class=class inner_html=html></div> }.into_any()
}

/// A part that is drawn again when what it is drawn from changes.
pub(crate) fn moving(
    class: &'static str,
    draw: impl Fn() -> Markup + Send + Sync + 'static,
) -> AnyView {
    // Boxed, so that all of them are one type.
    let html: Box<dyn Fn() -> String + Send + Sync> = Box::new(move || draw().into_string());
    view! { <div class=class inner_html=html></div> }.into_any()
}
