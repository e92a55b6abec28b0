//! The exchanges as a list, each opening to all that it carried.

use super::label;
use leptos::prelude::*;
use wire::{Exchange, Parameter};

/// The id under which an exchange of the latest group lies open.
pub(super) fn anchor(exchange: u64) -> String {
    format!("exchange-{exchange}")
}

/// The list. Only one list on a page may be the diagram's target.
#[component]
pub(super) fn ExchangeList(
    exchanges: Vec<Exchange>,
    /// Whether the diagram's messages lead here.
    target: bool,
) -> impl IntoView {
    let items: Vec<_> = exchanges
        .into_iter()
        .map(|exchange| {
            let id = target.then(|| anchor(exchange.id));
            item(exchange, id)
        })
        .collect();
    view! { <ol class="exchanges">{items}</ol> }.into_any()
}

fn item(exchange: Exchange, id: Option<String>) -> AnyView {
    let parties = format!(
        "{} → {}",
        label::party(exchange.from),
        label::party(exchange.to)
    );
    let answer = match exchange.status {
        Some(_) => format!("{} after {} ms", label::answer(&exchange), exchange.took),
        None => label::answer(&exchange),
    };
    view! {
        <li>
            <details>
                <summary>
                    <span class="parties">{parties}</span>
                    " "
                    <span class="mono">{label::request(&exchange)}</span>
                    " "
                    <span class="soft">{answer}</span>
                </summary>
                // Inside, not around: browsers unfold what a link leads into.
                <div class="whole" id=id>
                    {parameters("Request", exchange.sent)}
                    {parameters("Answer", exchange.received)}
                </div>
            </details>
        </li>
    }
    .into_any()
}

fn parameters(title: &'static str, parameters: Vec<Parameter>) -> AnyView {
    if parameters.is_empty() {
        return view! { <p class="soft">{title} ": nothing of OAuth in it"</p> }.into_any();
    }
    let rows: Vec<_> = parameters
        .into_iter()
        .map(|parameter| {
            let value = label::value(&parameter);
            view! {
                <dt>{parameter.name}</dt>
                <dd class="mono">{value}</dd>
            }
        })
        .collect();
    view! {
        <h3>{title}</h3>
        <dl>{rows}</dl>
    }
    .into_any()
}
