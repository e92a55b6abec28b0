//! What only a browser knows. Never called while a page is rendered on the
//! server: from effects and event handlers only.

use futures::channel::oneshot;
use leptos::prelude::set_timeout;
use std::time::Duration;
use web_sys::{
    Document, Element, FormData, HtmlButtonElement, HtmlElement, HtmlFormElement, SubmitEvent,
    UrlSearchParams, js_sys::Date, wasm_bindgen::JsCast,
};

fn document() -> Option<Document> {
    web_sys::window()?.document()
}

/// The browser's clock, which may be wrong: good for differences only.
pub(crate) fn now() -> u64 {
    Date::now() as u64
}

/// When this page began to arrive, by the browser's clock: right away, and
/// not when the scripts had been loaded.
pub(crate) fn page_arrived() -> u64 {
    let timing = web_sys::window().and_then(|window| window.performance());
    match timing.map(|performance| performance.timing().response_start() as u64) {
        Some(arrived) if arrived > 0 => arrived,
        _ => now(),
    }
}

/// Leaves for another address.
pub(crate) fn leave_for(url: &str) {
    if let Some(window) = web_sys::window() {
        let _ = window.location().assign(url);
    }
}

/// Leaves for another address and forgets this one, so that the back button
/// does not lead here.
pub(crate) fn replace_by(url: &str) {
    if let Some(window) = web_sys::window() {
        let _ = window.location().replace(url);
    }
}

/// The origin of this page.
#[cfg(feature = "draw")]
pub(crate) fn origin() -> String {
    web_sys::window()
        .and_then(|window| window.location().origin().ok())
        .unwrap_or_default()
}

/// The path of this page.
#[cfg(feature = "draw")]
pub(crate) fn path() -> String {
    web_sys::window()
        .and_then(|window| window.location().pathname().ok())
        .unwrap_or_default()
}

/// Under which name a page leaves its log in its window, as JSON.
#[cfg(feature = "public")]
pub(crate) const REPORT: &str = "confidantReport";

/// Leaves the log in the window, for the comparison that may have opened it.
/// It holds fingerprints only.
#[cfg(feature = "public")]
pub(crate) fn leave_report(report: &confidant_wire::Report) {
    if let (Some(window), Ok(text)) = (web_sys::window(), crate::json::write(report)) {
        let _ = web_sys::js_sys::Reflect::set(&window, &REPORT.into(), &text.into());
    }
}

/// Moves the focus to the element with this id.
pub(crate) fn focus(id: &str) {
    let element = document().and_then(|document| document.get_element_by_id(id));
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

/// Whether nothing on the page has the focus.
pub(crate) fn focus_is_lost() -> bool {
    let focused = document().and_then(|document| document.active_element());
    focused.is_none_or(|element| element.tag_name() == "BODY")
}

/// Opens the `details` around what a link within this page leads to.
pub(crate) fn unfold_target(clicked: Option<web_sys::EventTarget>) {
    let details = clicked
        .and_then(|target| target.dyn_into::<Element>().ok())
        .and_then(|element| element.closest("a[href^='#']").ok().flatten())
        .and_then(|link| link.get_attribute("href"))
        .and_then(|href| document()?.get_element_by_id(href.trim_start_matches('#')))
        .and_then(|element| element.closest("details").ok().flatten());
    if let Some(details) = details {
        let _ = details.set_attribute("open", "");
    }
}

/// Waits until nothing is pressed any more, for five seconds at most: a click
/// is lost if the button goes away between down and up.
pub(crate) async fn released() {
    for _ in 0..100 {
        let pressed = ":is(a, button, summary):active";
        if document().is_none_or(|it| !matches!(it.query_selector(pressed), Ok(Some(_)))) {
            return;
        }
        let (later, waited) = oneshot::channel::<()>();
        set_timeout(move || drop(later), Duration::from_millis(50));
        let _ = waited.await;
    }
}

/// A button whose work is under way, and which shows it.
struct Busy(HtmlButtonElement);

impl Busy {
    const ATTRIBUTE: &str = "aria-busy";
}

impl Drop for Busy {
    fn drop(&mut self) {
        let _ = self.0.remove_attribute(Self::ATTRIBUTE);
    }
}

/// A form on its way.
pub(crate) struct Sent {
    form: HtmlFormElement,
    button: Option<HtmlButtonElement>,
    data: FormData,
    busy: Option<Busy>,
}

impl Sent {
    /// The form that the event is about.
    pub(crate) fn read(event: &SubmitEvent) -> Option<Self> {
        let form: HtmlFormElement = event.target()?.dyn_into().ok()?;
        let data = FormData::new_with_form(&form).ok()?;
        let button = event.submitter().and_then(|button| button.dyn_into().ok());
        Some(Self {
            form,
            button,
            data,
            busy: None,
        })
    }

    /// An attribute of the form.
    pub(crate) fn attribute(&self, name: &str) -> Option<String> {
        self.form.get_attribute(name)
    }

    /// The value of a field, or of the button that was pressed.
    pub(crate) fn field(&self, name: &str) -> Option<String> {
        match &self.button {
            Some(button) if button.name() == name => Some(button.value()),
            _ => self.data.get(name).as_string(),
        }
    }

    /// All fields and the button that was pressed, as a browser sends them.
    pub(crate) fn urlencoded(&self) -> String {
        let Ok(fields) = UrlSearchParams::new_with_str_sequence_sequence(&self.data) else {
            return String::new();
        };
        if let Some(button) = &self.button {
            fields.append(&button.name(), &button.value());
        }
        String::from(fields.to_string())
    }

    /// The id and the label of the button that was pressed.
    pub(crate) fn pressed(&self) -> Option<(String, String)> {
        let button = self.button.as_ref()?;
        Some((button.id(), button.text_content()?))
    }

    /// Shows that the button's work is under way, until this is dropped.
    pub(crate) fn mark_busy(&mut self) {
        if let Some(button) = &self.button {
            let _ = button.set_attribute(Busy::ATTRIBUTE, "true");
            self.busy = Some(Busy(button.clone()));
        }
    }
}
