//! What only a browser can do. Called from effects and event handlers only, so
//! never while a page is rendered on the server.

use leptos::ev::SubmitEvent;
use web_sys::{
    Document, Element, FormData, HtmlButtonElement, HtmlElement, HtmlFormElement, Location,
    UrlSearchParams,
    js_sys::{Date, Reflect},
    wasm_bindgen::{JsCast, JsValue},
};

/// The name under which a page leaves its exchange log in its window, as JSON.
pub(crate) const EXCHANGES: &str = "confidantExchanges";

fn document() -> Option<Document> {
    web_sys::window()?.document()
}

fn location() -> Option<Location> {
    Some(web_sys::window()?.location())
}

/// Returns the browser's clock, which may be wrong: good for differences only.
pub(crate) fn now() -> u64 {
    Date::now() as u64
}

/// Returns when this page began to arrive, by the browser's clock: earlier than
/// the scripts did.
pub(crate) fn page_arrived() -> u64 {
    let timing = web_sys::window().and_then(|window| window.performance());
    match timing.map(|performance| performance.timing().response_start() as u64) {
        Some(arrived) if arrived > 0 => arrived,
        _ => now(),
    }
}

/// Loads another address.
pub(crate) fn leave_for(url: &str) {
    if let Some(location) = location() {
        let _ = location.assign(url);
    }
}

/// Loads another address in place of this one in the history, so that the back
/// button does not lead here.
pub(crate) fn replace_by(url: &str) {
    if let Some(location) = location() {
        let _ = location.replace(url);
    }
}

/// Loads the current address again.
pub(crate) fn reload() {
    if let Some(location) = location() {
        let _ = location.reload();
    }
}

/// Shows this path as the page's address, as a new entry of the history.
pub(crate) fn push_address(path: &str) {
    if self::path() != path
        && let Some(history) = web_sys::window().and_then(|window| window.history().ok())
    {
        let _ = history.push_state_with_url(&JsValue::NULL, "", Some(path));
    }
}

/// Sets the window's title.
pub(crate) fn set_title(title: &str) {
    if let Some(document) = document() {
        document.set_title(title);
    }
}

/// Returns this page's origin.
pub(crate) fn origin() -> String {
    location()
        .and_then(|location| location.origin().ok())
        .unwrap_or_default()
}

/// Returns this page's path.
pub(crate) fn path() -> String {
    location()
        .and_then(|location| location.pathname().ok())
        .unwrap_or_default()
}

/// Returns a parameter of this page's query.
pub(crate) fn query_parameter(name: &str) -> Option<String> {
    let query = location()?.search().ok()?;
    UrlSearchParams::new_with_str(&query).ok()?.get(name)
}

/// Leaves a text in the window, for the comparison that may have opened it.
pub(crate) fn leave_in_window(name: &str, text: &str) {
    if let Some(window) = web_sys::window() {
        let _ = Reflect::set(&window, &name.into(), &text.into());
    }
}

/// Moves the focus to the element with this id.
pub(crate) fn focus(id: &str) {
    let element = document().and_then(|document| document.get_element_by_id(id));
    if let Some(element) = element.and_then(|element| element.dyn_into::<HtmlElement>().ok()) {
        let _ = element.focus();
    }
}

/// Whether no element of the page has the focus.
pub(crate) fn focus_is_lost() -> bool {
    let focused = document().and_then(|document| document.active_element());
    focused.is_none_or(|element| element.tag_name() == "BODY")
}

/// Opens the `details` around the target of a link within this page.
pub(crate) fn open_details_around(clicked: Option<web_sys::EventTarget>) {
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

/// Returns the fields of a submitted form and its pressed button, URL-encoded.
pub(crate) fn form_data(event: &SubmitEvent) -> Option<String> {
    let form: HtmlFormElement = event.target()?.dyn_into().ok()?;
    let data = FormData::new_with_form(&form).ok()?;
    let fields = UrlSearchParams::new_with_str_sequence_sequence(&data).ok()?;
    if let Some(button) = pressed_button(event) {
        fields.append(&button.name(), &button.value());
    }
    Some(String::from(fields.to_string()))
}

/// Returns the button that submitted a form.
pub(crate) fn pressed_button(event: &SubmitEvent) -> Option<HtmlButtonElement> {
    event.submitter()?.dyn_into().ok()
}
