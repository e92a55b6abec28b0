//! Brings the page to life: the form runs the scenario, a file opens a result,
//! and a result can be taken along.

use super::{
    control::{self, Control, listen, show},
    journey::Journey,
    markdown::markdown,
    page::PATH,
    result::{Comparison, Run},
    scenario::Scenario,
    step::Step,
    table::table,
};
use crate::{
    browser,
    client::{self, Source},
    endpoint, json,
};
use confidant_wire::{ClientKind, Problem};
use leptos::task::spawn_local;
use maud::html;
use std::{cell::Cell, rc::Rc};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, FormData, HtmlElement, HtmlFormElement, HtmlInputElement, Url};

const RESULT: &str = "compare-result";
const RUN: &str = "compare-run";
const FILE: &str = "compare-file";

/// Takes the page's form and file field in hand, and goes on with a comparison
/// whose person comes back from the provider.
pub(crate) fn attach() {
    let running = Rc::new(Cell::new(false));
    if let Some(journey) = Journey::resume() {
        running.set(true);
        let running = running.clone();
        spawn_local(async move {
            go_on(journey).await;
            running.set(false);
        });
    }
    listen("compare-form", "submit", move |event| {
        event.prevent_default();
        let form = event.target().and_then(|it| it.dyn_into().ok());
        if let Some(form) = form
            && !running.replace(true)
        {
            let running = running.clone();
            let (kinds, by_step) = choice(&form);
            let journey = Journey {
                comparison: Comparison::begin(browser::now()),
                all: kinds.len(),
                kinds,
                by_step,
                left_at: 0,
            };
            spawn_local(async move {
                leave(journey, false).await;
                running.set(false);
            });
        }
    });
    listen(FILE, "change", |_| spawn_local(reopen()));
    for id in [RUN, FILE] {
        control::enable(id);
    }
}

/// The kinds that were chosen, and whether to wait before each step.
fn choice(form: &HtmlFormElement) -> (Vec<ClientKind>, bool) {
    let Ok(data) = FormData::new_with_form(form) else {
        return (Vec::new(), false);
    };
    let values = data.get_all("kind");
    let kinds = values.iter().filter_map(|kind| kind.as_string());
    let kinds = kinds.filter_map(|kind| kind.parse().ok()).collect();
    (kinds, data.has("by_step"))
}

/// Takes the person to the provider for the next kind, and ends the comparison
/// where there is none. A kind that cannot be signed in to is passed over.
async fn leave(mut journey: Journey, stopped: bool) {
    while let Some(kind) = journey.kinds.first().copied() {
        let problem = match client::source(kind) {
            Some(source) => match setting_out(source).await {
                Ok(url) => {
                    journey.left_at = browser::now();
                    if journey.keep() {
                        return browser::leave_for(&url);
                    }
                    "This browser stores nothing for this page, and so cannot come back to it."
                        .to_owned()
                }
                Err(problem) => problem.message,
            },
            None => "There is no such kind.".to_owned(),
        };
        journey.kinds.remove(0);
        journey.comparison.runs.push(Run::failed(kind, problem));
    }
    finish(&journey, stopped);
}

/// Ends the session that is there, and begins another.
async fn setting_out(source: &'static dyn Source) -> Result<String, Problem> {
    source.sign_out().await?;
    let providers = endpoint::list_providers()
        .await
        .map_err(|endpoint::Failure(problem)| problem)?;
    let provider = providers.into_iter().find(|it| source.is_offered(it));
    let id = provider.map(|it| it.id).unwrap_or_default();
    let started = source.start(id, PATH.to_owned()).await?;
    Ok(started.authorization_url)
}

/// Plays the scenario in the kind that was signed in to.
async fn go_on(mut journey: Journey) {
    let signing_in = browser::now().saturating_sub(journey.left_at);
    let control = Control::new(journey.by_step, journey.all * Step::ALL.len());
    let before = journey.comparison.runs.len() * Step::ALL.len();
    if !journey.comparison.runs.is_empty() {
        present(&journey.comparison);
    }
    if !journey.kinds.is_empty() {
        let kind = journey.kinds.remove(0);
        if let Some(source) = client::source(kind) {
            let run = Scenario::new(source, &control, before).play(signing_in);
            journey.comparison.runs.push(run.await);
        }
    }
    if control.is_stopped() {
        journey.kinds.clear();
    }
    leave(journey, control.is_stopped()).await;
}

fn finish(journey: &Journey, stopped: bool) {
    if !journey.comparison.runs.is_empty() {
        present(&journey.comparison);
    }
    control::end(stopped);
    browser::focus(RESULT);
}

/// Shows a result, with the ways to take it along.
fn present(comparison: &Comparison) {
    let ways = html! {
        div.buttons.comparison {
            button id="compare-json" type="button" { "Download as JSON" }
            button id="compare-markdown" type="button" { "Download as Markdown" }
        }
    };
    show(RESULT, &table(comparison, &ways).into_string());
    let text = json::write(comparison).unwrap_or_default();
    listen("compare-json", "click", move |_| {
        download("comparison.json", "application/json", &text);
    });
    let text = markdown(comparison);
    listen("compare-markdown", "click", move |_| {
        download("comparison.md", "text/markdown", &text);
    });
}

fn download(name: &str, media_type: &str, text: &str) {
    let parts = web_sys::js_sys::Array::of1(&text.into());
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(media_type);
    let blob = Blob::new_with_str_sequence_and_options(&parts, &options);
    let Some(url) = blob
        .ok()
        .and_then(|blob| Url::create_object_url_with_blob(&blob).ok())
    else {
        return;
    };
    let link = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.create_element("a").ok());
    if let Some(link) = link {
        let _ = link.set_attribute("href", &url);
        let _ = link.set_attribute("download", name);
        link.unchecked_into::<HtmlElement>().click();
    }
    let _ = Url::revoke_object_url(&url);
}

/// Shows the result that the chosen file holds.
async fn reopen() {
    let field = control::element(FILE).and_then(|it| it.dyn_into::<HtmlInputElement>().ok());
    let Some(file) = field.and_then(|field| field.files()?.get(0)) else {
        return;
    };
    let text = JsFuture::from(file.text()).await.ok();
    let text = text.and_then(|text| text.as_string()).unwrap_or_default();
    match json::read::<Comparison>(&text) {
        Ok(comparison) if comparison.is_readable() => present(&comparison),
        _ => show(
            RESULT,
            &html! {
                section.sheet.problem role="alert" {
                    h2 { "That file is no result of a comparison" }
                    p { "Expected the JSON file that this page offers for download." }
                }
            }
            .into_string(),
        ),
    }
}
