//! What a page's call brought.

use super::{Page, claims::ClaimList, menu::Actions, seen::Found};
use crate::{
    client::{Client, Deed},
    desk::DeedForm,
};
use leptos::prelude::*;
use wire::{Cause, Change, Claims, Validation, ValidationMethod};

/// A page's headline.
pub(super) fn headline(
    client: &'static dyn Client,
    page: Page,
    found: Option<&Found>,
    change: Option<&Change>,
) -> &'static str {
    let cause = change.map(|change| change.cause);
    match (page, found, cause) {
        (Page::Menu, ..) => client.headline(),
        (_, None, _) => "That did not work",
        (Page::Profile, ..) => "Your account, as the provider knows it",
        (Page::AutomaticRefresh, _, Some(Cause::Automatic)) => {
            "The token had expired. Nobody noticed."
        }
        (Page::ManualRefresh, _, Some(Cause::Manual)) => "Refreshed, because you asked.",
        (Page::AutomaticRefresh | Page::ManualRefresh, ..) => "Nothing was refreshed lately",
        (Page::Validate, Some(Found::Validation(Validation { active: true, .. })), _) => {
            "The provider says: active"
        }
        (Page::Validate, ..) => "The provider says: not active",
    }
}

/// The part of the page that its call is for.
#[component]
pub(super) fn Outcome(
    client: &'static dyn Client,
    page: Page,
    found: Found,
    change: Option<Change>,
) -> impl IntoView {
    let cause = change.map(|change| change.cause);
    let main = match found {
        Found::Profile(claims) => profile(claims),
        Found::Validation(validation) => validated(validation),
        Found::Nothing if page == Page::Menu => return view! { <Actions client /> }.into_any(),
        Found::Nothing => ().into_any(),
    };
    let again = match page {
        Page::AutomaticRefresh if cause == Some(Cause::Automatic) => retry(
            client,
            Deed::Expire,
            "Once more: let the token expire and call.",
        ),
        Page::AutomaticRefresh => retry(
            client,
            Deed::Expire,
            "The token was still good, so the call just went through. Let it expire first:",
        ),
        Page::ManualRefresh => retry(client, Deed::Refresh, "Trade the refresh token once more:"),
        Page::Menu | Page::Profile | Page::Validate => ().into_any(),
    };
    view! {
        {main}
        {again}
    }
    .into_any()
}

fn profile(claims: Claims) -> AnyView {
    view! {
        <section class="sheet" aria-labelledby="profile-title">
            <h2 id="profile-title">"Account profile"</h2>
            <ClaimList claims />
        </section>
    }
    .into_any()
}

fn validated(validation: Validation) -> AnyView {
    let by = match validation.by {
        ValidationMethod::Introspection => "Asked by token introspection (RFC 7662).",
        ValidationMethod::Tokeninfo => "Asked by tokeninfo, this provider’s own way.",
    };
    view! {
        <section class="sheet" aria-labelledby="validation-title">
            <h2 id="validation-title">"What the provider answered"</h2>
            <p class="soft">{by}</p>
            <ClaimList claims=validation.answer />
        </section>
    }
    .into_any()
}

fn retry(client: &'static dyn Client, deed: Deed, said: &'static str) -> AnyView {
    let label = match deed {
        Deed::Expire => "Expire and call",
        _ => "Refresh",
    };
    view! {
        <div class="sheet again">
            <p>{said}</p>
            <DeedForm client deed label />
        </div>
    }
    .into_any()
}
