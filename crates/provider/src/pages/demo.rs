//! The page that shows what the provider decided.

use maud::{Markup, html};

use super::layout::Page;
use crate::{clock::UnixTime, demo::decisions::Entry};

/// The page with the latest decisions, the newest first.
pub(crate) fn demo_page<'a>(entries: impl Iterator<Item = &'a Entry>) -> Page {
    let mut entries = entries.peekable();
    let content = html! {
        h1 { "What was decided" }
        p.lead { "Every code, refresh token and revocation that came in, and what became of it." }
        @if entries.peek().is_none() {
            p { "Nothing yet. Sign in somewhere, then look again." }
        } @else {
            div.scroll tabindex="0" role="region" aria-label="Decisions, newest first" {
                table {
                    thead {
                        tr {
                            @for name in ["No.", "Time (UTC)", "About", "Client", "Family", "Outcome"] {
                                th scope="col" { (name) }
                            }
                        }
                    }
                    tbody { @for entry in entries { (row(entry)) } }
                }
            }
        }
        p { "As JSON: " a href="/demo/decisions" { "decisions" } " and "
            a href="/demo/requests" { "counts of requests" } "." }
    };
    Page::wide("Decisions", content)
}

fn row(entry: &Entry) -> Markup {
    let what = &entry.what;
    html! {
        tr {
            td { (entry.number()) }
            td { time { (time_of_day(entry.at())) } }
            td { (what.about.words()) }
            td { code { (what.client) } }
            td {
                @match (what.family, what.generation) {
                    (Some(family), Some(generation)) => { (family) " · token " (generation) },
                    (Some(family), None) => { (family) },
                    (None, _) => { "none" },
                }
            }
            td { strong { (what.outcome.replace('_', " ")) } br; span.soft { (what.words) } }
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
