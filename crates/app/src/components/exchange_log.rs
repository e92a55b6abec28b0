//! The exchange log: the requests and responses, as a sequence diagram and as a
//! list.

mod diagram;
mod group;
mod label;
mod layout;
mod list;

pub(crate) use diagram::Diagram;
pub(crate) use group::retries;

use crate::browser;
use confidant_wire::Exchange;
use group::{latest, summary};
use leptos::prelude::*;
use list::ExchangeList;

/// The latest group of exchanges in full, and the whole session folded away.
#[component]
pub(crate) fn ExchangeLog(exchanges: Vec<Exchange>) -> impl IntoView {
    if exchanges.is_empty() {
        return ().into_any();
    }
    let group = latest(&exchanges).to_vec();
    let summary = summary(&group);
    let all = format!("Everything in this session ({})", exchanges.len());
    let open = |event: leptos::ev::MouseEvent| browser::open_details_around(event.target());
    view! {
        <section class="sheet log" aria-labelledby="log-title" on:click=open>
            <div class="log-head">
                <h2 id="log-title">{"What just travelled"}</h2>
                <span class="soft">{summary}</span>
            </div>
            <Diagram exchanges=group.clone() linked=true />
            <ExchangeList exchanges=group linked=true />
            <details class="session">
                <summary>{all}</summary>
                <ExchangeList exchanges linked=false />
            </details>
        </section>
    }
    .into_any()
}
