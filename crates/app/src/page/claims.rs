//! Names and values as a provider sent them.

use crate::text;
use leptos::prelude::*;
use wire::Claims;

/// Every claim, as text and never as markup.
#[component]
pub(super) fn ClaimList(claims: Claims) -> impl IntoView {
    let rows: Vec<_> = claims
        .iter()
        .map(|(name, value)| {
            view! {
                <dt>{name.clone()}</dt>
                <dd>{text::plain(value)}</dd>
            }
        })
        .collect();
    view! { <dl class="claims">{rows}</dl> }.into_any()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn a_claim_is_never_markup() {
        let claims = Claims::from_iter([
            ("name".to_owned(), "</dl><script>alert(1)</script>".into()),
            ("<b>".to_owned(), "x".into()),
        ]);
        let html = view! { <ClaimList claims /> }.to_html();
        assert!(
            !html.contains("<script>") && !html.contains("<b>"),
            "{html}"
        );
        assert!(html.contains("&lt;script&gt;"), "{html}");
    }
}
