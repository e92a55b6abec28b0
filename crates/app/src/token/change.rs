//! A token before and after.

use crate::{clock, text};
use leptos::prelude::*;
use wire::{Cause, Change, TokenView};

/// Both sides of a change, and who noticed.
#[component]
pub(crate) fn ChangeView(change: Change) -> impl IntoView {
    let Change {
        cause,
        before,
        after,
    } = change;
    let said = story(cause, &before, &after);
    view! {
        <section class="sheet change" aria-labelledby="change-title">
            <h2 id="change-title">"What the refresh changed"</h2>
            <p>{said}</p>
            <div class="sides">
                <Side title="Before" token=before class="before" />
                <Side title="After" token=after class="after" />
            </div>
        </section>
    }
    .into_any()
}

/// What happened, in two sentences.
fn story(cause: Cause, before: &TokenView, after: &TokenView) -> String {
    let noticed = match cause {
        Cause::Automatic => {
            "A call found the access token expired, had it refreshed and went through: \
             whoever made the call noticed nothing."
        }
        Cause::Manual => "You asked for a refresh, before the token had run out or after.",
    };
    let access = format!("{} became {}", before.access_token, after.access_token);
    let refresh = match (before.refresh_token, after.refresh_token) {
        (Some(old), Some(new)) if old == new => format!("{old} stayed"),
        (Some(old), Some(new)) => format!("{old} became {new}"),
        _ => "there is no refresh token".to_owned(),
    };
    format!("{noticed} {access}; {refresh}.")
}

#[component]
fn Side(title: &'static str, class: &'static str, token: TokenView) -> impl IntoView {
    let refresh = token.refresh_token.map(|it| it.to_string());
    view! {
        <div class=class>
            <h3>{title}</h3>
            <dl>
                <dt>"Access token"</dt>
                <dd class="mono">{token.access_token.to_string()}</dd>
                <dt>"Refresh token"</dt>
                <dd class="mono">{refresh.unwrap_or_else(|| "none".to_owned())}</dd>
                <dt>"Of its family"</dt>
                <dd>{text::ordinal(token.generation)}</dd>
                <dt>"Obtained"</dt>
                <dd>{clock::time_of_day(token.obtained_at)}</dd>
                <dt>"Runs out"</dt>
                <dd>{token.expires_at.map_or_else(|| "not said".to_owned(), clock::time_of_day)}</dd>
            </dl>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    #[test]
    fn a_change_is_told_with_both_names_of_both_tokens() {
        let Change {
            cause,
            before,
            after,
        } = sample::change(Cause::Automatic);
        let told = story(cause, &before, &after);
        assert!(told.contains("at·000001 became at·7f3a9c"), "{told}");
        assert!(told.contains("rt·88d1f2 became rt·19c2e0"), "{told}");
    }

    #[test]
    fn a_refresh_token_that_was_kept_is_not_told_as_new() {
        let Change {
            before, mut after, ..
        } = sample::change(Cause::Manual);
        after.refresh_token = before.refresh_token;
        let told = story(Cause::Manual, &before, &after);
        assert!(told.ends_with("rt·88d1f2 stayed."), "{told}");
    }
}
