//! The four actions.

use super::Page;
use crate::{
    client::{Client, Deed},
    desk::{DeedForm, PageForm},
};
use leptos::prelude::*;

/// The actions, as forms that work with and without scripts.
#[component]
pub(super) fn Actions(client: &'static dyn Client) -> impl IntoView {
    let kind = client.kind();
    let page = |page: Page| format!("/{kind}/{}", page.id());
    view! {
        <section class="sheet" aria-labelledby="actions-title">
            <h2 id="actions-title" class="unseen">
                "Actions"
            </h2>
            <ul class="actions">
                <li>
                    <h3>"Get the account profile"</h3>
                    <p>"Calls the provider’s userinfo with the token, refreshing it first if it has run out."</p>
                    <PageForm href=page(Page::Profile) label="Get profile" />
                </li>
                <li>
                    <h3>"Refresh automatically"</h3>
                    <p>"Lets the token expire now, then makes a call, and shows that nobody noticed."</p>
                    <DeedForm client deed=Deed::Expire label="Expire and call" />
                </li>
                <li>
                    <h3>"Refresh by hand"</h3>
                    <p>{client.by_hand()}</p>
                    <DeedForm client deed=Deed::Refresh label="Refresh" />
                </li>
                <li>
                    <h3>"Validate the token"</h3>
                    <p>"Asks the provider what it thinks of the token: active, whose, for how long."</p>
                    <PageForm href=page(Page::Validate) label="Validate" />
                </li>
            </ul>
        </section>
    }
    .into_any()
}
