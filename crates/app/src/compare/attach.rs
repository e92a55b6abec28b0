//! Brings the page to life: the form runs the scenario, a file opens a result,
//! and a result can be taken along.

use super::{
    control::{self, Control, listen, show},
    markdown::markdown,
    result::Comparison,
    scenario::Scenario,
    step::Step,
    table::table,
};
use crate::{
    browser,
    client::{self, Source},
    json,
};
use leptos::task::spawn_local;
use maud::html;
use std::{cell::Cell, rc::Rc};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, FormData, HtmlElement, HtmlFormElement, HtmlInputElement, Url};

const RESULT: &str = "compare-result";
const FILE: &str = "compare-file";

/// Takes the page's form and file field in hand.
pub(crate) fn attach() {
    let running = Rc::new(Cell::new(false));
    listen("compare-form", "submit", move |event| {
        event.prevent_default();
        let form = event.target().and_then(|it| it.dyn_into().ok());
        if let Some(form) = form
            && !running.replace(true)
        {
            let running = running.clone();
            let (chosen, by_step) = choice(&form);
            spawn_local(async move {
                run(chosen, by_step).await;
                running.set(false);
            });
        }
    });
    listen(FILE, "change", |_| spawn_local(reopen()));
}

/// The kinds that were chosen, and whether to wait before each step.
fn choice(form: &HtmlFormElement) -> (Vec<&'static dyn Source>, bool) {
    let Ok(data) = FormData::new_with_form(form) else {
        return (Vec::new(), false);
    };
    let kinds: Vec<_> = data.get_all("kind").iter().collect();
    let chosen = |source: &&dyn Source| {
        kinds
            .iter()
            .any(|kind| kind.as_string().as_deref() == Some(source.kind().id()))
    };
    (
        client::sources().filter(chosen).collect(),
        data.has("by_step"),
    )
}

async fn run(chosen: Vec<&'static dyn Source>, by_step: bool) {
    let control = Control::new(by_step, chosen.len() * Step::ALL.len());
    let mut comparison = Comparison::begin(browser::now());
    for (n, source) in chosen.into_iter().enumerate() {
        if control.is_stopped() {
            break;
        }
        let scenario = Scenario::new(source, &control, n * Step::ALL.len());
        comparison.runs.push(scenario.play().await);
        present(&comparison);
    }
    control.end();
    browser::focus(RESULT);
}

/// Shows a result, with the ways to take it along.
fn present(comparison: &Comparison) {
    let drawn = html! {
        (table(comparison))
        div.buttons {
            button id="compare-json" type="button" { "Download as JSON" }
            button id="compare-markdown" type="button" { "Download as Markdown" }
        }
    };
    show(RESULT, &drawn.into_string());
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
