//! The panel: what is in force, and everything that can be pressed. Each
//! button is a plain form's; where scripts run, the page stays.

use super::words;
use crate::faults::{Choice, Clock, Panel};
use confidant_wire::ClientKind;
use maud::{Markup, html};

/// Everything that can be pressed.
pub(crate) fn panel(kind: ClientKind, panel: &Panel) -> Markup {
    html! {
        div.faults {
            section.sheet aria-labelledby="faults-title" {
                h2 id="faults-title" { "What goes wrong" }
                p.soft { "One fault at a time: another takes its place." }
                (choices(kind, "fault", "preset", "faults-title", &panel.faults))
            }
            (policies(kind, panel))
            @if !panel.belief.choices.is_empty() { (belief(kind, panel)) }
            section.sheet aria-labelledby="clocks-title" {
                h2 id="clocks-title" { "Clocks" }
                @for clock in &panel.clocks { (clock_forms(kind, clock)) }
            }
            section.sheet aria-labelledby="people-title" {
                h2 id="people-title" { "People" }
                p.soft { "Signed out at the provider, they are asked at the next authorization." }
                (people(kind, "sign_out", "Sign out", panel))
                p.soft { "Revoked, every token of theirs ends, whichever client has it." }
                (people(kind, "revoke", "Revoke all of", panel))
            }
        }
    }
}

fn policies(kind: ClientKind, panel: &Panel) -> Markup {
    html! {
        section.sheet aria-labelledby="policies-title" {
            h2 id="policies-title" { "How the provider treats this client" }
            p.soft {
                "The client is " code { (panel.client) } ". A policy holds at once, for those who "
                "are signed in as well."
            }
            @for (n, policies) in panel.policies.iter().enumerate() {
                @let title = format!("policy-{n}-title");
                h3 id=(title) { (policies.about) }
                (choices(kind, "policy", "preset", &title, &policies.choices))
            }
        }
    }
}

fn belief(kind: ClientKind, panel: &Panel) -> Markup {
    html! {
        section.sheet aria-labelledby="belief-title" {
            h2 id="belief-title" { "What the client believes of refresh tokens" }
            p.soft {
                "Elsewhere the provider’s profile says it. Here it follows the policy that you "
                "choose. Set it apart from that to see what a wrong profile costs."
            }
            (choices(kind, "belief", "reuse", "belief-title", &panel.belief.choices))
        }
    }
}

/// What is in force now.
pub(crate) fn state(kind: ClientKind, panel: &Panel) -> Markup {
    let belief = &panel.belief;
    html! {
        section.sheet aria-labelledby="in-force-title" {
            h2 id="in-force-title" { "In force now, at " (panel.provider) }
            dl {
                dt { "Faults" }
                dd {
                    @if panel.armed.is_empty() { "None." }
                    @else { ul.bare { @for rule in &panel.armed { li { (words::armed(rule)) } } } }
                }
                dt { "Policy" }
                dd { (super::note::in_force(panel)) "." }
                dt { "The client believes" }
                dd {
                    (words::belief(belief.reuse))
                    @if let Some(error) = words::error_in(belief) { " " strong { (error) } }
                }
                dt { "Clocks" }
                dd {
                    @if panel.clocks.iter().all(|clock| clock.fast_by == 0) { "Right." }
                    @else { @for clock in &panel.clocks { (words::clock(clock)) ". " } }
                }
            }
            (press(kind, "reset", html! {
                div.buttons { button id="press-reset" { "Reset everything" } }
            }))
        }
    }
}

/// A form around these buttons.
fn press(kind: ClientKind, endpoint: &str, buttons: Markup) -> Markup {
    html! {
        form.press method="post" action={ "/auth/demo/" (endpoint) } data-press="" {
            input type="hidden" name="kind" value=(kind);
            (buttons)
        }
    }
}

/// One button for each choice, with its sentence beside it.
fn choices(
    kind: ClientKind,
    endpoint: &str,
    name: &str,
    title: &str,
    choices: &[Choice],
) -> Markup {
    let list = html! {
        ul.presses aria-labelledby=(title) {
            @for choice in choices {
                li {
                    button id={ "press-" (endpoint) "-" (choice.id) } name=(name) value=(choice.id)
                        aria-pressed=(choice.in_force) { (choice.name) }
                    span.soft { (choice.words) }
                }
            }
        }
    };
    press(kind, endpoint, list)
}

fn clock_forms(kind: ClientKind, clock: &Clock) -> Markup {
    let title = format!("clock-{}-title", clock.id);
    let buttons = html! {
        input type="hidden" name="clock" value=(clock.id);
        div.buttons role="group" aria-labelledby=(title) {
            @for fast_by in [-3600, 0, 90, 3600] {
                button id={ "press-clock-" (clock.id) "-" (fast_by) } name="seconds" value=(fast_by)
                    aria-pressed=(clock.fast_by == fast_by) { (words::off(fast_by)) }
            }
        }
    };
    html! {
        h3 id=(title) { (clock.whose) }
        (press(kind, "clock", buttons))
    }
}

fn people(kind: ClientKind, endpoint: &str, deed: &str, panel: &Panel) -> Markup {
    let buttons = html! {
        div.buttons {
            @for person in &panel.people {
                button id={ "press-" (endpoint) "-" (person) } name="person" value=(person) {
                    (deed) " " (person)
                }
            }
        }
    };
    press(kind, endpoint, buttons)
}
