//! The four actions.

use crate::{
    client::{Deed, Source},
    form,
    page::Page,
};
use maud::{Markup, html};

/// The actions, as forms that work with and without scripts.
pub(super) fn actions(source: &dyn Source) -> Markup {
    let page = |page: Page| page.path(source.kind());
    html! {
        section.sheet aria-labelledby="actions-title" {
            h2.unseen id="actions-title" { "Actions" }
            ul.actions {
                li {
                    h3 { "Get the account profile" }
                    p { "Calls the provider’s userinfo with the token, refreshing it first if it has run out." }
                    (form::page(&page(Page::Profile), "Get profile"))
                }
                li {
                    h3 { "Refresh automatically" }
                    p { "Lets the token expire now, then makes a call, and shows that nobody noticed." }
                    (form::deed(source, Deed::Expire, "Expire and call"))
                }
                li {
                    h3 { "Refresh by hand" }
                    p { (source.portrait().by_hand) }
                    (form::deed(source, Deed::Refresh, "Refresh"))
                }
                li {
                    h3 { "Validate the token" }
                    p { "Asks the provider what it thinks of the token: active, whose, for how long." }
                    (form::page(&page(Page::Validate), "Validate"))
                }
            }
        }
    }
}
