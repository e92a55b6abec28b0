//! What a page's call brought.

use super::{change::change, claims::claims, menu::actions, seen::Found};
use crate::{
    client::{Deed, Source},
    form,
    page::Page,
};
use confidant_wire::{Cause, Change, Claims, Report, Validation, ValidationMethod};
use maud::{Markup, html};

/// A page's headline.
pub(super) fn headline(
    source: &dyn Source,
    page: Page,
    found: Option<&Found>,
    change: Option<&Change>,
) -> &'static str {
    let cause = change.map(|change| change.cause);
    match (page, found, cause) {
        (Page::Menu, ..) => source.portrait().headline,
        (Page::Faults, ..) => page.title(),
        (_, None, _) => "That did not work",
        (Page::Profile, ..) => "Your account, as the provider knows it",
        (Page::AutomaticRefresh, _, Some(Cause::Automatic)) => {
            "The token had expired. Nobody noticed."
        }
        (Page::ManualRefresh, _, Some(Cause::Manual)) => "Refreshed, because you asked.",
        (Page::AutomaticRefresh | Page::ManualRefresh, _, Some(Cause::Renewal)) => {
            "An answer was lost. You had nothing to do."
        }
        (Page::AutomaticRefresh | Page::ManualRefresh, ..) => "Nothing was refreshed lately",
        (Page::Validate, Some(Found::Validation(Validation { active: true, .. })), _) => {
            "The provider says: active"
        }
        (Page::Validate, ..) => "The provider says: not active",
    }
}

/// The part of the page that its call is for, with what the last refresh
/// changed: first where the page is about refreshing.
pub(super) fn outcome(source: &dyn Source, page: Page, found: &Found, report: &Report) -> Markup {
    let about_refreshing = matches!(page, Page::AutomaticRefresh | Page::ManualRefresh);
    let changed = change(report);
    html! {
        @if about_refreshing { (changed) }
        @match found {
            Found::Profile(claims) => { (profile(claims)) }
            Found::Validation(validation) => { (validated(validation)) }
            Found::Nothing => { @if page == Page::Menu { (actions(source)) } }
        }
        @if about_refreshing {
            (again(source, page, report.change.as_ref().map(|change| change.cause)))
        } @else {
            (changed)
        }
    }
}

fn profile(sent: &Claims) -> Markup {
    html! {
        section.sheet aria-labelledby="profile-title" {
            h2 id="profile-title" { "Account profile" }
            (claims(sent))
        }
    }
}

fn validated(validation: &Validation) -> Markup {
    let by = match validation.by {
        ValidationMethod::Introspection => "Asked by token introspection (RFC 7662).",
        ValidationMethod::Tokeninfo => "Asked by tokeninfo, this provider’s own way.",
        ValidationMethod::Userinfo => "Asked by using it: userinfo takes it, or does not.",
    };
    html! {
        section.sheet aria-labelledby="validation-title" {
            h2 id="validation-title" { "What the provider answered" }
            p.soft { (by) }
            (claims(&validation.answer))
        }
    }
}

fn again(source: &dyn Source, page: Page, cause: Option<Cause>) -> Markup {
    let (said, deed, label) = match (page, cause) {
        (Page::ManualRefresh, _) => (
            "Trade the refresh token once more:",
            Deed::Refresh,
            "Refresh",
        ),
        (_, Some(Cause::Automatic | Cause::Renewal)) => (
            "Let the token expire and call once more:",
            Deed::Expire,
            "Expire and call",
        ),
        _ => (
            "The token was still good, so the call just went through. Let it expire first:",
            Deed::Expire,
            "Expire and call",
        ),
    };
    html! {
        div.sheet.again {
            p { (said) }
            (form::deed(source, deed, label))
        }
    }
}
