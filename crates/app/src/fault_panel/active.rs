//! The faults and policies in force.

use super::{controls::CommandForm, data::FaultPanel};
use crate::actions::PageState;
use leptos::prelude::*;

/// What is in force now.
#[component]
pub(crate) fn ActiveFaults() -> impl IntoView {
    let state = expect_context::<PageState>();
    move || {
        let panel = FaultPanel::from_json(&state.panel.get());
        panel.map(|panel| active(panel).into_any())
    }
}

fn active(panel: FaultPanel) -> impl IntoView {
    let faults = match panel.active.is_empty() {
        true => "None.".into_any(),
        false => {
            let items: Vec<_> = panel
                .active
                .into_iter()
                .map(|rule| view! { <li>{rule}</li> })
                .collect();
            view! { <ul class="bare">{items}</ul> }.into_any()
        }
    };
    let errors: Vec<_> = panel
        .clocks
        .into_iter()
        .filter_map(|clock| clock.error)
        .collect();
    let clocks = match errors.is_empty() {
        true => "Right.".to_owned(),
        false => errors.iter().map(|error| format!("{error}. ")).collect(),
    };
    view! {
        <section class="sheet" aria-labelledby="in-force-title">
            <h2 id="in-force-title">{"In force now, at "} {panel.provider}</h2>
            <dl>
                <dt>{"Faults"}</dt>
                <dd>{faults}</dd>
                <dt>{"Policy"}</dt>
                <dd>{panel.policy} {"."}</dd>
                <dt>{"Assumed by the client"}</dt>
                <dd>
                    {panel.reuse}
                    {panel.reuse_error.map(|error| view! { {" "} <strong>{error}</strong> })}
                </dd>
                <dt>{"Clocks"}</dt>
                <dd>{clocks}</dd>
            </dl>
            <CommandForm endpoint="reset">
                <div class="buttons">
                    <button id="command-reset">{"Reset everything"}</button>
                </div>
            </CommandForm>
        </section>
    }
}
