//! The token view.

use super::text;
use crate::{
    client::{Held, Place, Source},
    clock,
};
use confidant_wire::TokenView;
use maud::{Markup, html};

/// What there is to say of a token, beside the ring.
pub(super) fn facts(source: &dyn Source, token: &TokenView, held: &Held) -> Markup {
    let portrait = source.portrait();
    html! {
        div {
            h2 id="token-title" { "Access token" }
            span.mono data-token="access" { (token.access_token) }
            " " (place(portrait.access_token))
            br;
            span.soft {
                "obtained " (clock::ago(token.obtained_at, token.now))
                @if let Some(at) = token.expires_at { ", runs out at " (clock::time_of_day(at)) }
            }
            (show("access", held.access_token.as_deref()))
        }
        dl {
            dt { "Refresh token" }
            dd {
                @if let Some(fingerprint) = token.refresh_token {
                    span.mono data-token="refresh" { (fingerprint) }
                    " · " (text::ordinal(token.generation)) " of its family "
                    (place(portrait.refresh_token))
                    (show("refresh", held.refresh_token.as_deref()))
                } @else {
                    "none was given"
                }
            }
            @if token.may_be_spent {
                dt { "What happened" }
                dd {
                    "The answer to the last refresh was lost. The refresh token may be spent and is "
                    "not sent again, since that would look like theft. The access token is used to "
                    "its end; then the provider is asked anew, without a question to you."
                }
            }
            dt { "This browser holds" }
            dd { (portrait.browser_holds) }
            dt { "Scopes" }
            dd { ul.chips { @for scope in &token.scopes { li.chip { (scope) } } } }
            dt { "Type" }
            dd { (token.token_type) }
            @if !token.extras.is_empty() {
                dt { "Provider says" }
                dd {
                    ul.bare {
                        @for (name, value) in &token.extras {
                            li.mono { (name) ": " (text::plain(value)) }
                        }
                    }
                }
            }
        }
    }
}

/// The token itself, folded away: shown where the page has it, since then any
/// script in the page could.
fn show(which: &str, token: Option<&str>) -> Markup {
    html! {
        @if let Some(token) = token {
            details.secret {
                summary { "Show the " (which) " token" }
                code data-secret=(which) { (token) }
            }
        }
    }
}

/// A word with a colour. The colour says where a secret is, and so does the
/// word.
fn place(place: Place) -> Markup {
    match place {
        Place::Server => html! { span.chip.kept { "kept on the server" } },
        Place::Browser(place) => html! { span.chip.held { "in the browser: " (place) } },
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{client, sample};

    #[test]
    fn the_view_names_both_tokens_and_where_they_are() {
        let drawn = facts(client::default(), &sample::token(), &Held::default()).into_string();
        for part in [
            "at·7f3a9c",
            "rt·19c2e0",
            "third of its family",
            "kept on the server",
        ] {
            assert!(drawn.contains(part), "{part} is missing from {drawn}");
        }
    }

    #[test]
    fn what_a_provider_sends_is_never_markup() {
        let mut token = sample::token();
        token.scopes = vec!["<i>".to_owned()];
        token.token_type = "<i>".to_owned();
        token.extras.insert("<i>".to_owned(), "<i>".into());
        let drawn = facts(client::default(), &token, &Held::default()).into_string();
        assert!(!drawn.contains("<i>"), "{drawn}");
    }

    #[test]
    fn a_page_that_has_the_token_shows_it_and_no_other_does() {
        let held = Held {
            access_token: Some("<the token>".to_owned()),
            refresh_token: None,
        };
        let source = client::source("browser".parse().unwrap()).unwrap();
        let drawn = facts(source, &sample::token(), &held).into_string();
        assert!(drawn.contains("&lt;the token&gt;"), "{drawn}");
        assert!(drawn.contains("in the browser"), "{drawn}");
        assert!(!drawn.contains("kept on the server"), "{drawn}");
    }
}
