//! What can be made to go wrong: a page of the demo's.
//!
//! The panel comes drawn from the server, which alone knows the provider, also
//! where the page around it is drawn elsewhere.

#[cfg(feature = "ssr")]
mod note;
#[cfg(feature = "ssr")]
mod panel;
#[cfg(feature = "ssr")]
mod words;

#[cfg(feature = "ssr")]
pub(crate) use {
    note::note,
    panel::{panel, state},
};

use super::{kind_page::whose, log::log, not_found, seen::Seen, token::facts};
use crate::{
    client::{Deed, Source},
    clock::Life,
    endpoint, form,
    page::{Page, Parts, Reading},
    problem,
};
use confidant_wire::{Code, Problem, ProviderView, SessionView};
use maud::{Markup, PreEscaped, html};

/// Draws it, for whoever is signed in and for nobody: who broke the sign-in
/// has to be able to mend it.
pub(super) async fn page(
    source: &dyn Source,
    session: Result<SessionView, Problem>,
    providers: &[ProviderView],
) -> Reading {
    if !providers.iter().any(|it| it.faults) {
        return not_found::page();
    }
    let Ok(drawn) = endpoint::draw_panel(source.kind().to_string()).await else {
        return not_found::page();
    };
    let panel = PreEscaped(drawn.panel);
    let state = PreEscaped(drawn.state);
    let mut reading = Reading {
        status: 200,
        title: Page::Faults.title().to_owned(),
        ..Reading::default()
    };
    reading.parts.top = top(source).into_string();
    if let Err(problem) = whose(source, session) {
        reading.parts.main = html! { (nobody(source, &problem)) (state) }.into_string();
        reading.parts.log = panel.into_string();
        return reading;
    }
    let seen = Seen::read(source, Page::Faults).await;
    match &seen.token {
        Ok(token) => Reading {
            life: Some(Life::from(token)),
            parts: Parts {
                main: html! { (actions(source)) (state) }.into_string(),
                token: facts(source, token, &seen.held).into_string(),
                log: html! { (panel) (log(&seen.report.exchanges)) }.into_string(),
                ..reading.parts
            },
            ..reading
        },
        Err(problem) => {
            reading.parts.main = html! { (nobody(source, problem)) (state) }.into_string();
            reading.parts.log = panel.into_string();
            reading
        }
    }
}

/// What is in force, in a sentence after another page of the kind.
pub(super) async fn noted(source: &dyn Source, providers: &[ProviderView]) -> String {
    if !providers.iter().any(|it| it.faults) {
        return String::new();
    }
    let drawn = endpoint::draw_panel(source.kind().to_string()).await;
    drawn.map(|drawn| drawn.note).unwrap_or_default()
}

fn top(source: &dyn Source) -> Markup {
    html! {
        p.back { a href=(Page::Menu.path(source.kind())) { "Back to the menu" } }
        h1 { (Page::Faults.title()) }
        p.soft {
            "The provider of this demo does as you say. Have it lose an answer, stall or change its "
            "rules, then use the token and see what this kind of client makes of it."
        }
    }
}

fn actions(source: &dyn Source) -> Markup {
    html! {
        section.sheet aria-labelledby="try-title" {
            h2 id="try-title" { "See what comes of it" }
            p.soft { "Choose below what goes wrong, then let the client run into it:" }
            div.buttons {
                (form::deed(source, Deed::Expire, "Expire and call"))
                (form::deed(source, Deed::Refresh, "Refresh"))
                (form::page(&Page::Profile.path(source.kind()), "Get profile"))
            }
        }
    }
}

/// Says why there is no token to use.
fn nobody(source: &dyn Source, problem: &Problem) -> Markup {
    html! {
        @if problem.code == Code::NotSignedIn {
            section.sheet aria-labelledby="try-title" {
                h2 id="try-title" { "Nobody is signed in here" }
                p { "So nothing of yours can go wrong yet." }
                a.button href=(Page::Menu.path(source.kind())) { "Sign in first" }
            }
        } @else {
            (problem::told(problem, true, None))
        }
    }
}
