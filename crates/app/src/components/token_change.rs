//! A token before and after it changed.

use super::{exchange_log::retries, wording};
use crate::{
    page_data::{Change, Token},
    time,
};
use confidant_wire::{Cause, Exchange};
use leptos::prelude::*;

/// The token before and after the last change, and how it came about.
#[component]
pub(crate) fn TokenChange(change: Change, exchanges: Vec<Exchange>) -> impl IntoView {
    let title = match change.cause {
        Cause::Renewal => "What the new authorization changed",
        Cause::Automatic | Cause::Manual => "What the refresh changed",
    };
    let retries = retries(&exchanges).filter(|_| change.cause != Cause::Renewal);
    view! {
        <section class="sheet change" aria-labelledby="change-title">
            <h2 id="change-title">{title}</h2>
            <p>{story(&change)}</p>
            {retries.map(|sentence| view! { <p>{sentence}</p> }.into_any())}
            <div class="sides">
                <div class="before">{side("Before", change.before)}</div>
                <div class="after">{side("After", change.after)}</div>
            </div>
        </section>
    }
}

/// Returns what happened, in two sentences.
fn story(
    Change {
        cause,
        before,
        after,
    }: &Change,
) -> String {
    let noticed = match cause {
        Cause::Automatic => {
            "A call found the access token expired, had it refreshed and went through: \
             the caller noticed nothing."
        }
        Cause::Manual => "You asked for a refresh.",
        Cause::Renewal => {
            "The answer to a refresh was lost, and the refresh token may have been spent with it: \
             sent again it would look stolen, so it was not. The provider was asked for a new \
             authorization instead. It still knew you and asked you nothing, and you are back \
             where you were."
        }
    };
    let access = format!("{} became {}", before.access, after.access);
    let refresh = match (before.refresh, after.refresh) {
        (Some(old), Some(new)) if old == new => format!("{old} stayed"),
        (Some(old), Some(new)) => format!("{old} became {new}"),
        _ => "there is no refresh token".to_owned(),
    };
    format!("{noticed} {access}; {refresh}.")
}

fn side(title: &'static str, token: Token) -> impl IntoView {
    let refresh = token
        .refresh
        .map_or("none".to_owned(), |token| token.to_string());
    let expires = token
        .expires_at
        .map_or("not said".to_owned(), time::time_of_day);
    view! {
        <h3>{title}</h3>
        <dl>
            <dt>{"Access token"}</dt>
            <dd class="mono">{token.access.to_string()}</dd>
            <dt>{"Refresh token"}</dt>
            <dd class="mono">{refresh}</dd>
            <dt>{"Of its family"}</dt>
            <dd>{wording::ordinal(token.generation)}</dd>
            <dt>{"Obtained"}</dt>
            <dd>{time::time_of_day(token.obtained_at)}</dd>
            <dt>{"Expires"}</dt>
            <dd>{expires}</dd>
        </dl>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn a_change_names_both_fingerprints_of_both_tokens() {
        let story = story(&samples::change(Cause::Automatic));
        assert!(story.contains("at·000001 became at·7f3a9c"), "{story}");
        assert!(story.contains("rt·88d1f2 became rt·19c2e0"), "{story}");
    }

    #[test]
    fn a_refresh_token_that_was_kept_is_not_reported_as_new() {
        let mut change = samples::change(Cause::Manual);
        change.after.refresh = change.before.refresh;
        let story = story(&change);
        assert!(story.ends_with("rt·88d1f2 stayed."), "{story}");
    }
}
