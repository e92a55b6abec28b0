//! Names and values as a provider sent them.

use super::text;
use confidant_wire::Claims;
use maud::{Markup, html};

/// Every claim, as text and never as markup.
pub(super) fn claims(claims: &Claims) -> Markup {
    html! {
        dl.claims {
            @for (name, value) in claims {
                dt { (name) }
                dd { (text::plain(value)) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_is_never_markup() {
        let sent = Claims::from_iter([
            ("name".to_owned(), "</dl><script>alert(1)</script>".into()),
            ("<b>".to_owned(), "x".into()),
        ]);
        let html = claims(&sent).into_string();
        assert!(
            !html.contains("<script>") && !html.contains("<b>"),
            "{html}"
        );
        assert!(html.contains("&lt;script&gt;"), "{html}");
    }
}
