//! The part of a page that shows what travelled.

use super::{
    diagram::diagram,
    group::{latest, summary},
    list::list,
};
use confidant_wire::Exchange;
use maud::{Markup, html};

/// The latest group in full, and the whole session behind a fold.
pub(in crate::draw) fn log(exchanges: &[Exchange]) -> Markup {
    let group = latest(exchanges);
    html! {
        @if !exchanges.is_empty() {
            section.sheet.log aria-labelledby="log-title" {
                div.log-head {
                    h2 id="log-title" { "What just travelled" }
                    span.soft { (summary(group)) }
                }
                (diagram(group))
                (list(group, true))
                details.session {
                    summary { "Everything in this session (" (exchanges.len()) ")" }
                    (list(exchanges, false))
                }
            }
        }
    }
}
