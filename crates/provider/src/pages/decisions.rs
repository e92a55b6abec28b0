//! The page with the decision log.

use maud::{Markup, html};

use super::layout::Page;
use crate::{clock::UnixTime, decision_log::Entry};

/// Renders the latest decisions, from the newest to the oldest.
pub(crate) fn decisions_page<'a>(newest_first: impl Iterator<Item = &'a Entry>) -> Page {
    let mut entries = newest_first.peekable();
    let content = html! {
        h1 { "What the provider decided" }
        p.lead {
            "Every code, refresh token and revocation, every refused proof and every injected "
            "fault, newest first."
        }
        @if entries.peek().is_none() {
            p { "Nothing yet. Sign in to an app, then reload this page." }
        } @else {
            ol.decisions { @for entry in entries { (decision(entry)) } }
        }
        p.buttons {
            a.button href="/demo/decisions" { "Decisions as JSON" }
            a.button href="/demo/requests" { "Request counts as JSON" }
        }
    };
    Page::wide("Decisions", content)
}

fn decision(entry: &Entry) -> Markup {
    let event = &entry.event;
    html! {
        li {
            p.soft { (entry.number) " · " time { (time_of_day(entry.at)) " UTC" } }
            p { strong { (event.kind.label()) ", " (event.outcome.replace('_', " ")) } }
            p.soft { code { (event.client) }
                @if let Some(endpoint) = event.endpoint { " · " (endpoint) }
                @if let Some(family) = event.family { " · family " (family) }
                @if let Some(generation) = event.generation { ", token " (generation) }
            }
            p { (event.description) }
        }
    }
}

fn time_of_day(at: UnixTime) -> String {
    let seconds = at.seconds() % 86_400;
    let (hours, minutes) = (seconds / 3600, seconds / 60 % 60);
    format!(
        "{hours:02}:{minutes:02}:{:02}.{:03}",
        seconds % 60,
        at.millis() % 1000
    )
}
