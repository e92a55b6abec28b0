//! The exchanges as a list. Each opens to all that it carried.

use super::label;
use confidant_wire::{Exchange, Parameter};
use leptos::prelude::*;

/// Returns the id of an exchange's details.
pub(super) fn anchor(exchange: u64) -> String {
    format!("exchange-{exchange}")
}

/// The list. Only one list on a page may be `linked` to the diagram.
#[component]
pub(crate) fn ExchangeList(exchanges: Vec<Exchange>, linked: bool) -> impl IntoView {
    view! {
        <ol class="exchanges">
            // By their ids, so that an exchange that is open stays open.
            <For
                each=move || exchanges.clone()
                key=|exchange| (exchange.id, exchange.status)
                children=move |exchange| item(exchange, linked)
            />
        </ol>
    }
}

fn item(exchange: Exchange, linked: bool) -> impl IntoView {
    let id = linked.then(|| anchor(exchange.id));
    let parties = format!(
        "{} → {}",
        label::party(exchange.from),
        label::party(exchange.to)
    );
    let answer = match exchange.status {
        Some(_) => format!("{} · {} ms", label::answer(&exchange), exchange.took),
        None => label::answer(&exchange),
    };
    view! {
        <li>
            <details>
                <summary>
                    <span class="parties">{parties}</span>
                    {" "}
                    <span class="mono">{label::request(&exchange)}</span>
                    {" "}
                    <span class="soft">{answer}</span>
                </summary>
                // Inside, not around: browsers open what a link leads into.
                <div class="whole" id=id>
                    {parameters("Request", &exchange.sent)}
                    {parameters("Answer", &exchange.received)}
                </div>
            </details>
        </li>
    }
}

fn parameters(title: &'static str, parameters: &[Parameter]) -> AnyView {
    if parameters.is_empty() {
        return view! { <p class="soft">{title} {": nothing of OAuth in it"}</p> }.into_any();
    }
    let items: Vec<_> = parameters
        .iter()
        .map(|parameter| {
            view! {
                <dt>{parameter.name.clone()}</dt>
                <dd class="mono">{label::value(parameter)}</dd>
            }
            .into_any()
        })
        .collect();
    view! { <h3>{title}</h3><dl>{items}</dl> }.into_any()
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn what_an_upstream_sent_is_never_markup() {
        let mut exchanges = samples::refreshed_call();
        exchanges[0].path = "/<i>".to_owned();
        exchanges[0].received = vec![samples::text("<i>", "<i>")];
        let html = samples::html(|| view! { <ExchangeList exchanges linked=true /> });
        assert!(
            html.contains("/&lt;i&gt;") && !html.contains("<i>"),
            "{html}"
        );
    }
}
