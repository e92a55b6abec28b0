//! The page with nothing measured yet: what will be done, and the choice.

use super::step::Step;
use crate::{
    client::Source,
    page::{Parts, Reading},
};
use maud::{Markup, html};

/// Its path.
pub(crate) const PATH: &str = "/compare";

/// Draws it.
pub(crate) fn page<'a>(offered: impl Iterator<Item = &'a dyn Source>) -> Reading {
    Reading {
        status: 200,
        title: "Compare".to_owned(),
        parts: Parts {
            top: top().into_string(),
            main: choice(offered).into_string(),
            log: html! {
                div id="compare-stage" {}
                div id="compare-result" tabindex="-1" {}
            }
            .into_string(),
            ..Parts::default()
        },
        ..Reading::default()
    }
}

fn top() -> Markup {
    html! {
        h1 { "Every kind of client, measured" }
        p.lead {
            "The same scenario runs in each kind you choose, on its ordinary pages, which you see \
             in a frame. What comes out in the table was counted and searched for while it ran; \
             nothing in it is taken from a book."
        }
        noscript {
            div.sheet.problem role="alert" {
                p { "The comparison presses the buttons of the other pages, which takes scripts. Switch them on." }
            }
        }
    }
}

fn choice<'a>(offered: impl Iterator<Item = &'a dyn Source>) -> Markup {
    html! {
        section.sheet aria-labelledby="choice-title" {
            h2 id="choice-title" { "What to run" }
            form id="compare-form" {
                fieldset {
                    legend { "Kinds of client" }
                    @for source in offered {
                        label {
                            input type="checkbox" name="kind" value=(source.kind()) checked;
                            (source.portrait().name)
                        }
                    }
                }
                fieldset {
                    legend { "How" }
                    label {
                        input type="checkbox" name="by_step";
                        "Wait before each step until I press a button"
                    }
                }
                p.soft {
                    "For each kind this page takes you to the provider, where you sign in and allow, \
                     and comes back; the rest goes by itself. A session that you have in one of \
                     these kinds ends."
                }
                // Until scripts run, neither it nor the file field does anything.
                div.buttons { button.primary id="compare-run" disabled { "Run" } }
            }
            div id="compare-progress" role="status" aria-live="polite" {}
            details {
                summary { "Open a result that was downloaded" }
                p {
                    label for="compare-file" { "The JSON file: " }
                    input type="file" id="compare-file" accept="application/json,.json" disabled;
                }
            }
        }
        section.sheet aria-labelledby="scenario-title" {
            h2 id="scenario-title" { "The scenario" }
            ol { @for step in Step::ALL { li { (step.name()) } } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::client;

    #[test]
    fn every_kind_can_be_chosen() {
        let main = page(client::sources()).parts.main;
        for source in client::sources() {
            let field = format!(r#"name="kind" value="{}""#, source.kind());
            assert!(main.contains(&field), "{field} is missing from {main}");
        }
    }
}
