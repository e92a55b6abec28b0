//! The exchanges as a list, each opening to all that it carried.

use super::label;
use confidant_wire::{Exchange, Parameter};
use maud::{Markup, html};

/// The id under which an exchange of the latest group lies open.
pub(super) fn anchor(exchange: u64) -> String {
    format!("exchange-{exchange}")
}

/// The list. Only one list on a page may be the diagram's target.
pub(super) fn list(exchanges: &[Exchange], target: bool) -> Markup {
    html! {
        ol.exchanges { @for exchange in exchanges { (item(exchange, target)) } }
    }
}

fn item(exchange: &Exchange, target: bool) -> Markup {
    let id = target.then(|| anchor(exchange.id));
    html! {
        li {
            details {
                summary {
                    span.parties { (label::party(exchange.from)) " → " (label::party(exchange.to)) }
                    " "
                    span.mono { (label::request(exchange)) }
                    " "
                    span.soft {
                        (label::answer(exchange))
                        @if exchange.status.is_some() { " · " (exchange.took) " ms" }
                    }
                }
                // Inside, not around: browsers unfold what a link leads into.
                div.whole id=[id] {
                    (parameters("Request", &exchange.sent))
                    (parameters("Answer", &exchange.received))
                }
            }
        }
    }
}

fn parameters(title: &str, parameters: &[Parameter]) -> Markup {
    html! {
        @if parameters.is_empty() {
            p.soft { (title) ": nothing of OAuth in it" }
        } @else {
            h3 { (title) }
            dl {
                @for parameter in parameters {
                    dt { (parameter.name) }
                    dd.mono { (label::value(parameter)) }
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
    fn what_an_upstream_sent_is_never_markup() {
        let mut log = sample::refreshed_call();
        log[0].path = "/<i>".to_owned();
        log[0].received = vec![sample::text("<i>", "<i>")];
        let drawn = list(&log, true).into_string();
        assert!(!drawn.contains("<i>"), "{drawn}");
    }
}
