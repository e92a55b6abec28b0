//! The start page: choose a provider, sign in.

use super::offered;
use crate::{
    client::{self, Place, Source},
    form,
    page::{Parts, Reading},
    problem,
};
use confidant_wire::{Problem, ProviderView, SessionView, SignedIn};
use maud::{Markup, html};

/// Draws it; `query` may tell of a sign-out.
pub(super) fn page(
    query: &str,
    session: &Result<SessionView, Problem>,
    providers: &[ProviderView],
) -> Reading {
    let signed_in = session.as_ref().ok().and_then(|view| view.session.as_ref());
    let left = match signed_in {
        None => left(query, providers),
        Some(_) => None,
    };
    Reading {
        status: 200,
        parts: Parts {
            top: top(left, session).into_string(),
            main: choice(signed_in, providers).into_string(),
            log: kinds(providers).into_string(),
            ..Parts::default()
        },
        ..Reading::default()
    }
}

/// The provider whose session is over, by its id in the query.
fn left<'a>(query: &str, providers: &'a [ProviderView]) -> Option<&'a ProviderView> {
    let (_, id) = query
        .trim_start_matches('?')
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .find(|(name, _)| *name == "signed_out")?;
    providers.iter().find(|provider| provider.id == id)
}

fn top(left: Option<&ProviderView>, session: &Result<SessionView, Problem>) -> Markup {
    html! {
        @if let Some(provider) = left { (farewell(provider)) }
        h1 { "A token for you, and none for your browser" }
        p.lead {
            "Confidant signs you in at a provider and keeps the tokens on its server, where no \
             script in the page can read them. Then it lets you use and refresh them, and shows \
             every message that travels."
        }
        @match session {
            Err(problem) | Ok(SessionView { ended: Some(problem), .. }) => {
                (problem::told(problem, true, None))
            }
            Ok(_) => {}
        }
    }
}

fn choice(session: Option<&SignedIn>, providers: &[ProviderView]) -> Markup {
    html! {
        @match session {
            Some(session) => { (go_on(session)) }
            None => {
                section.sheet aria-labelledby="sign-in-title" {
                    h2 id="sign-in-title" { "Sign in" }
                    p.soft { "To the kind that shows how it should be: the " (client::default().portrait().name) "." }
                    (form::sign_in(client::default(), providers, None))
                }
            }
        }
        section.sheet aria-labelledby="legend-title" {
            h2 id="legend-title" { "What the colours say" }
            dl.legend {
                dt { span.chip.kept { "kept on the server" } }
                dd { "No script in any page can reach it." }
                dt { span.chip.held { "in the browser" } }
                dd { "A script that gets into the page can." }
                dt { span.chip.lost { "lost" } }
                dd { "In a stranger’s hands, or an error." }
            }
        }
    }
}

/// Every kind of client, side by side.
fn kinds(providers: &[ProviderView]) -> Markup {
    html! {
        section.kinds-of-client aria-labelledby="kinds-title" {
            h2 id="kinds-title" { "The same menu, as every kind of client" }
            ul.cards {
                @for source in offered(providers) { (card(source)) }
            }
        }
    }
}

fn card(source: &dyn Source) -> Markup {
    let portrait = source.portrait();
    let place = |what: &str, place: Place| {
        html! {
            @match place {
                Place::Server => span.chip.kept { (what) ": on the server" },
                Place::Browser(_) => span.chip.held { (what) ": in the browser" },
            }
        }
    };
    html! {
        li.sheet {
            h3 { a href={ "/" (source.kind()) "/menu" } rel="external" { (portrait.name) } }
            p { (portrait.summary) }
            p.chips {
                (place("access token", portrait.access_token))
                (place("refresh token", portrait.refresh_token))
            }
            p.soft {
                "RFC 10017, section " (portrait.section)
                @if !source.is_live() { " · works without scripts" }
            }
        }
    }
}

fn go_on(session: &SignedIn) -> Markup {
    html! {
        section.sheet aria-labelledby="go-on-title" {
            h2 id="go-on-title" { "You are signed in as " (session.name) }
            p.soft { "At " (session.provider_name) ". The session is good on every page here." }
            a.button.primary href={ "/" (session.kind) "/menu" } { "Go to the menu" }
        }
    }
}

/// Signed out here is not signed out there.
fn farewell(provider: &ProviderView) -> Markup {
    html! {
        section.sheet.farewell role="status" {
            h2 { "You are signed out" }
            p { "The session here is over and its tokens are deleted." }
            @if let Some(url) = &provider.end_session_url {
                p {
                    "The provider may still know you, and let you in again without asking. "
                    a href=(url) { "Sign out at " (provider.name) " as well" }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sample;

    fn reading(query: &str, session: Option<SignedIn>) -> Parts {
        let providers = [sample::provider()];
        let session = SessionView {
            signed_in: session.is_some(),
            session,
            ..SessionView::default()
        };
        page(query, &Ok(session), &providers).parts
    }

    #[test]
    fn who_signed_out_is_told_where_else_to() {
        let told = reading("?signed_out=demo", None).top;
        assert!(told.contains("You are signed out"), "{told}");
        assert!(told.contains("https://idp.example/logout"), "{told}");
        for parts in [
            reading("", None),
            reading("?signed_out=elsewhere", None),
            reading("?signed_out=demo", Some(sample::signed_in())),
        ] {
            assert!(!parts.top.contains("You are signed out"));
        }
    }

    #[test]
    fn who_is_signed_in_is_led_to_the_menu() {
        let main = reading("", Some(sample::signed_in())).main;
        assert!(
            main.contains(r#"href="/bff/menu""#) && !main.contains("<form"),
            "{main}"
        );
    }

    #[test]
    fn every_kind_that_is_offered_has_a_card() {
        let cards = reading("", None).log;
        for source in client::sources() {
            let link = format!(r#"href="/{}/menu" rel="external""#, source.kind());
            assert!(cards.contains(&link), "{link} is missing from {cards}");
        }
    }
}
