//! A token before and after.

use super::{log::tries, text};
use crate::clock;
use confidant_wire::{Cause, Change, Report, TokenView};
use maud::{Markup, html};

/// Both sides of the last change, and who noticed.
pub(super) fn change(report: &Report) -> Markup {
    html! { @if let Some(change) = &report.change { (sides(change, tries(&report.exchanges))) } }
}

fn sides(change: &Change, tries: Option<String>) -> Markup {
    let Change {
        cause,
        before,
        after,
    } = change;
    let title = match cause {
        Cause::Renewal => "What the new authorization changed",
        Cause::Automatic | Cause::Manual => "What the refresh changed",
    };
    html! {
        section.sheet.change aria-labelledby="change-title" {
            h2 id="change-title" { (title) }
            p { (story(*cause, before, after)) }
            @if let Some(tries) = tries.filter(|_| *cause != Cause::Renewal) { p { (tries) } }
            div.sides {
                div.before { (side("Before", before)) }
                div.after { (side("After", after)) }
            }
        }
    }
}

/// What happened, in two sentences.
fn story(cause: Cause, before: &TokenView, after: &TokenView) -> String {
    let noticed = match cause {
        Cause::Automatic => {
            "A call found the access token expired, had it refreshed and went through: \
             whoever made the call noticed nothing."
        }
        Cause::Manual => "You asked for a refresh.",
        Cause::Renewal => {
            "The answer to a refresh was lost, and the refresh token may have been spent with it: \
             sent again it would look stolen, so it was not. The provider was asked for a new \
             authorization instead. It still knew you and asked you nothing, and you are back \
             where you were."
        }
    };
    let access = format!("{} became {}", before.access_token, after.access_token);
    let refresh = match (before.refresh_token, after.refresh_token) {
        (Some(old), Some(new)) if old == new => format!("{old} stayed"),
        (Some(old), Some(new)) => format!("{old} became {new}"),
        _ => "there is no refresh token".to_owned(),
    };
    format!("{noticed} {access}; {refresh}.")
}

fn side(title: &str, token: &TokenView) -> Markup {
    html! {
        h3 { (title) }
        dl {
            dt { "Access token" }
            dd.mono { (token.access_token) }
            dt { "Refresh token" }
            dd.mono {
                @match token.refresh_token {
                    Some(fingerprint) => (fingerprint),
                    None => "none",
                }
            }
            dt { "Of its family" }
            dd { (text::ordinal(token.generation)) }
            dt { "Obtained" }
            dd { (clock::time_of_day(token.obtained_at)) }
            dt { "Runs out" }
            dd {
                @match token.expires_at {
                    Some(at) => (clock::time_of_day(at)),
                    None => "not said",
                }
            }
        }
    }
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
