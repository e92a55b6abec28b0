//! What only a browser knows. Never called while a page is rendered on the
//! server: from effects and event handlers only.

use web_sys::js_sys::Date;

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

/// Moves the focus to the element with this id.
pub(crate) fn focus(id: &str) {
    use web_sys::wasm_bindgen::JsCast;
    let element = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.get_element_by_id(id))
        .and_then(|element| element.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(element) = element {
        let _ = element.focus();
    }
}

/// Opens the `details` around the element with this id.
pub(crate) fn unfold(id: &str) {
    let details = web_sys::window()
        .and_then(|window| window.document())
        .and_then(|document| document.get_element_by_id(id))
        .and_then(|element| element.closest("details").ok().flatten());
    if let Some(details) = details {
        let _ = details.set_attribute("open", "");
    }
}
