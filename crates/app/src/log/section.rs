//! The part of a page that shows what travelled.

use super::{
    diagram::Diagram,
    group::{latest, summary},
    list::ExchangeList,
};
use leptos::prelude::*;
use wire::Exchange;

/// The latest group in full, and the whole session behind a fold.
#[component]
pub(crate) fn Log(exchanges: Vec<Exchange>) -> impl IntoView {
    if exchanges.is_empty() {
        return ().into_any();
    }
    let group = latest(&exchanges).to_vec();
    let all = format!("Everything in this session ({})", exchanges.len());
    view! {
        <section class="sheet log" aria-labelledby="log-title">
            <div class="log-head">
                <h2 id="log-title">"What just travelled"</h2>
                <span class="soft">{summary(&group)}</span>
            </div>
            <Diagram exchanges=group.clone() />
            <ExchangeList exchanges=group target=true />
            <details class="session">
                <summary>{all}</summary>
                <ExchangeList exchanges target=false />
            </details>
        </section>
    }
    .into_any()
}
