//! The four actions.

use super::forms::ActionForm;
use crate::{
    actions::{Action, PageState},
    routes::Page,
};
use leptos::prelude::*;

/// The menu of actions.
#[component]
pub(crate) fn ActionMenu() -> impl IntoView {
    let by_hand = expect_context::<PageState>().client.descriptor().by_hand;
    let items = [
        (
            "Get the account profile",
            "Calls the provider’s userinfo with the token, refreshing it first if it has expired.",
            Action::View(Page::Profile),
            "Get profile",
        ),
        (
            "Refresh automatically",
            "Lets the token expire now, then makes a call, and shows that nobody noticed.",
            Action::ExpireAndCall,
            "Expire and call",
        ),
        ("Refresh by hand", by_hand, Action::Refresh, "Refresh"),
        (
            "Validate the token",
            "Asks the provider what it thinks of the token: active, whose, for how long.",
            Action::View(Page::Validate),
            "Validate",
        ),
    ];
    let items: Vec<_> = items
        .into_iter()
        .map(|(title, description, action, label)| {
            view! {
                <li>
                    <h3>{title}</h3>
                    <p>{description}</p>
                    <ActionForm action label />
                </li>
            }
            .into_any()
        })
        .collect();
    view! {
        <section class="sheet" aria-labelledby="actions-title">
            <h2 class="unseen" id="actions-title">{"Actions"}</h2>
            <ul class="actions">{items}</ul>
        </section>
    }
}
