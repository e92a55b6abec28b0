//! Names and values from a provider.

use crate::page_data;
use leptos::prelude::*;

/// The claims, as text and never as markup.
#[component]
pub(crate) fn Claims(claims: page_data::Claims) -> impl IntoView {
    let items: Vec<_> = claims
        .into_iter()
        .map(|(name, value)| view! { <dt>{name}</dt><dd>{value}</dd> }.into_any())
        .collect();
    view! { <dl class="claims">{items}</dl> }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn a_claim_is_never_markup() {
        let claims = vec![
            (
                "name".to_owned(),
                "</dl><script>alert(1)</script>".to_owned(),
            ),
            ("<b>".to_owned(), "x".to_owned()),
        ];
        let html = crate::samples::html(|| view! { <Claims claims /> });
        assert!(
            !html.contains("<script>") && !html.contains("<b>"),
            "{html}"
        );
        assert!(html.contains("&lt;script&gt;"), "{html}");
    }
}
