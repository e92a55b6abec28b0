//! What is in force in a sentence, after the other pages of a kind.

use super::words;
use crate::{faults::Panel, page::Page};
use confidant_wire::ClientKind;
use maud::{Markup, html};

/// The sentence, and the way to the panel.
pub(crate) fn note(kind: ClientKind, panel: &Panel) -> Markup {
    let policies = in_force(panel);
    let wrong = panel.clocks.iter().filter(|clock| clock.fast_by != 0);
    html! {
        aside.faults-note aria-label="What goes wrong" {
            p {
                span.soft { "At " (panel.provider) ": " (policies) ". " }
                @for rule in &panel.armed { (words::armed(rule)) " " }
                @for clock in wrong { (words::clock(clock)) ". " }
            }
            a href=(Page::Faults.path(kind)) { (Page::Faults.title()) }
        }
    }
}

/// The policies in force, by their names.
pub(super) fn in_force(panel: &Panel) -> String {
    let choices = panel.policies.iter().flat_map(|it| &it.choices);
    let names: Vec<_> = choices
        .filter(|choice| choice.in_force)
        .map(|choice| choice.name.as_str())
        .collect();
    match names.is_empty() {
        true => "policies of their own making".to_owned(),
        false => names.join(" · "),
    }
}
