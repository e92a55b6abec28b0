//! The result of a page's call, and the headline that goes with it.

use super::{
    action_menu::ActionMenu, claims::Claims, forms::ActionForm, token_change::TokenChange,
};
use crate::{
    actions::Action,
    clients::OAuthClient,
    page_data::{Outcome, PageData, Validation},
    routes::Page,
};
use confidant_wire::Cause;
use leptos::prelude::*;

/// Returns a page's headline.
pub(crate) fn headline(client: &dyn OAuthClient, page: Page, data: &PageData) -> &'static str {
    let cause = data.change.as_ref().map(|change| change.cause);
    let outcome = data.outcome.as_ref().ok();
    match (page, outcome, cause) {
        (Page::Menu, ..) => client.descriptor().headline,
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
        (Page::AutomaticRefresh, _, Some(Cause::Manual)) => "The token was still good.",
        (Page::ManualRefresh, _, Some(Cause::Automatic)) => "A call has refreshed the token.",
        (Page::AutomaticRefresh | Page::ManualRefresh, _, None) => "Nothing was refreshed lately",
        (Page::Validate, Some(Outcome::Validation(Validation { active: true, .. })), _) => {
            "The provider says: active"
        }
        (Page::Validate, ..) => "The provider says: not active",
    }
}

/// The part of the page that its call is for, with what the last refresh
/// changed: first where the page is about refreshing.
#[component]
pub(crate) fn OutcomeView(page: Page, data: PageData) -> impl IntoView {
    let about_refreshing = matches!(page, Page::AutomaticRefresh | Page::ManualRefresh);
    let cause = data.change.as_ref().map(|change| change.cause);
    let failed = data.outcome.is_err();
    let change = data
        .change
        .map(|change| view! { <TokenChange change exchanges=data.exchanges /> }.into_any());
    let found = match data.outcome {
        Ok(Outcome::Profile(claims)) => Some(profile(claims).into_any()),
        Ok(Outcome::Validation(validation)) => Some(validated(validation).into_any()),
        Ok(Outcome::Nothing) if page == Page::Menu => Some(view! { <ActionMenu /> }.into_any()),
        _ => None,
    };
    match about_refreshing {
        true => view! { {change} {found} {again(page, cause, failed)} }.into_any(),
        false => view! { {found} {change} }.into_any(),
    }
}

fn profile(claims: crate::page_data::Claims) -> impl IntoView {
    view! {
        <section class="sheet" aria-labelledby="profile-title">
            <h2 id="profile-title">{"Account profile"}</h2>
            <Claims claims />
        </section>
    }
}

fn validated(validation: Validation) -> impl IntoView {
    view! {
        <section class="sheet" aria-labelledby="validation-title">
            <h2 id="validation-title">{"What the provider answered"}</h2>
            <p class="soft">{validation.method}</p>
            <Claims claims=validation.answer />
        </section>
    }
}

fn again(page: Page, cause: Option<Cause>, failed: bool) -> impl IntoView {
    let (text, action, label) = match (page, cause) {
        (Page::ManualRefresh, None) => ("Trade the refresh token:", Action::Refresh, "Refresh"),
        (Page::ManualRefresh, _) => (
            "Trade the refresh token once more:",
            Action::Refresh,
            "Refresh",
        ),
        (_, cause) if failed || matches!(cause, Some(Cause::Automatic | Cause::Renewal)) => (
            "Let the token expire and call once more:",
            Action::ExpireAndCall,
            "Expire and call",
        ),
        _ => (
            "The token was still good, so the call just went through. Let it expire first:",
            Action::ExpireAndCall,
            "Expire and call",
        ),
    };
    view! {
        <div class="sheet again">
            <p>{text}</p>
            <ActionForm action label />
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        actions::{Content, PageState},
        clients, samples,
    };

    #[test]
    fn a_page_about_refreshing_says_what_the_last_refresh_was() {
        let client = &clients::Bff;
        let title = |page, cause: Option<Cause>| {
            let data = PageData {
                change: cause.map(samples::change),
                ..samples::page_data()
            };
            headline(client, page, &data)
        };
        for page in [Page::AutomaticRefresh, Page::ManualRefresh] {
            let nothing = "Nothing was refreshed lately";
            assert_eq!(title(page, None), nothing);
            let titles = [Cause::Automatic, Cause::Manual, Cause::Renewal]
                .map(|cause| title(page, Some(cause)));
            assert!(!titles.contains(&nothing), "{titles:?}");
            assert!(titles[0] != titles[1] && titles[1] != titles[2]);
        }
    }

    #[test]
    fn a_call_that_failed_is_not_said_to_have_gone_through() {
        let text = |failed| {
            samples::html(|| {
                let state = PageState::new(
                    &clients::Bff,
                    Page::AutomaticRefresh,
                    Content::Loading,
                    None,
                );
                leptos::prelude::provide_context(state);
                again(Page::AutomaticRefresh, None, failed)
            })
        };
        assert!(text(false).contains("the call just went through"));
        assert!(!text(true).contains("went through"));
    }
}
