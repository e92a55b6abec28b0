//! The interactive part of the page: the choice, the run and its result.

use super::{
    control::{Control, ProgressView},
    iframe::STAGE,
    result::Comparison,
    run,
    state::{ComparisonState, NotAResult, RESULT},
    step::Step,
    table::ResultView,
};
use crate::{clients, islands::comparison::ProviderSettings};
use confidant_wire::{ClientKind, ProviderView};
use leptos::{ev, prelude::*, serde_json, task::spawn_local};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{FormData, HtmlFormElement, HtmlInputElement};

/// Renders the comparison.
pub(crate) fn view() -> AnyView {
    let settings = use_context::<ProviderSettings>().map(|ProviderSettings(text)| text);
    let settings = settings.unwrap_or_default();
    let providers: Vec<ProviderView> = serde_json::from_str(&settings).unwrap_or_default();
    let state = ComparisonState {
        control: Control::new(),
        result: RwSignal::new(None),
        running: RwSignal::new(false),
        hydrated: RwSignal::new(false),
    };
    Effect::new(move || {
        clients::set_providers(settings.clone());
        state.hydrated.set(true);
        run::resume(state);
    });
    let kinds: Vec<_> = clients::offered(&providers)
        .into_iter()
        .map(|client| {
            view! {
                <label>
                    <input type="checkbox" name="kind" value=client.kind().to_string() checked=true />
                    {client.descriptor().name}
                </label>
            }
        })
        .collect();
    let start = move |event: ev::SubmitEvent| {
        event.prevent_default();
        if let Some((kinds, by_step)) = choice(&event) {
            run::start(state, kinds, by_step);
        }
    };
    let steps: Vec<_> = Step::ALL
        .into_iter()
        .map(|step| view! { <li>{step.name()}</li> })
        .collect();
    // Without scripts neither the button nor the file field does anything.
    let waiting = move || !state.hydrated.get();
    let open = move |event: ev::Event| spawn_local(open_file(state, event));
    view! {
        <div class="two">
            <div class="stack">
                <section class="sheet" aria-labelledby="choice-title">
                    <h2 id="choice-title">{"What to run"}</h2>
                    <form on:submit=start>
                        <fieldset>
                            <legend>{"Kinds of client"}</legend>
                            {kinds}
                        </fieldset>
                        <fieldset>
                            <legend>{"How"}</legend>
                            <label>
                                <input type="checkbox" name="by_step" checked=false />
                                {"Wait before each step until I press a button"}
                            </label>
                        </fieldset>
                        <p class="soft">
                            {"For each kind this page takes you to the provider, where you sign in and \
                              allow, and comes back; the rest goes by itself. A session that you have \
                              in one of these kinds ends."}
                        </p>
                        <div class="buttons">
                            <button class="primary" disabled=waiting>{"Run"}</button>
                        </div>
                    </form>
                    <ProgressView control=state.control />
                    <details>
                        <summary>{"Open a result that was downloaded"}</summary>
                        <p>
                            <label for="compare-file">{"The JSON file: "}</label>
                            <input
                                type="file"
                                id="compare-file"
                                accept="application/json,.json"
                                disabled=waiting
                                on:change=open
                            />
                        </p>
                    </details>
                </section>
            </div>
            <section class="sheet" aria-labelledby="scenario-title">
                <h2 id="scenario-title">{"The scenario"}</h2>
                <ol>{steps}</ol>
            </section>
        </div>
        <div id=STAGE></div>
        <div id=RESULT tabindex=-1>
            {move || state.result.get().map(|result| view! { <ResultView result /> })}
        </div>
    }
    .into_any()
}

/// Returns the chosen kinds, and whether to wait before each step.
fn choice(event: &ev::SubmitEvent) -> Option<(Vec<ClientKind>, bool)> {
    let form: HtmlFormElement = event.target()?.dyn_into().ok()?;
    let data = FormData::new_with_form(&form).ok()?;
    let values = data.get_all("kind");
    let kinds = values.iter().filter_map(|kind| kind.as_string());
    let kinds = kinds.filter_map(|kind| kind.parse().ok()).collect();
    Some((kinds, data.has("by_step")))
}

/// Shows the result that the chosen file holds.
async fn open_file(state: ComparisonState, event: ev::Event) {
    let field: Option<HtmlInputElement> = event.target().and_then(|field| field.dyn_into().ok());
    let Some(file) = field.and_then(|field| field.files()?.get(0)) else {
        return;
    };
    let text = JsFuture::from(file.text()).await.ok();
    let text = text.and_then(|text| text.as_string()).unwrap_or_default();
    let comparison = serde_json::from_str::<Comparison>(&text);
    let readable = comparison.ok().filter(Comparison::is_readable);
    state.result.set(Some(readable.ok_or(NotAResult)));
}

#[cfg(test)]
#[cfg(feature = "ssr")]
mod tests {
    use super::*;
    use crate::{routes::KINDS, samples};

    #[test]
    fn every_kind_can_be_chosen() {
        let html = samples::html(|| {
            let settings = clients::provider_settings(&[samples::provider()]);
            provide_context(ProviderSettings(settings));
            view()
        });
        for kind in KINDS {
            let field = format!(r#"name="kind" value="{kind}""#);
            assert!(html.contains(&field), "{field} is missing from {html}");
        }
    }
}
