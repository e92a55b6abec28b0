//! Another window of ours, with one of our pages in it, and the buttons there.
//!
//! While the person is at the provider, the window belongs to another origin:
//! then the browser lets us see nothing of it, and every look gives none.

use browser_client::{Browser, Platform};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, HtmlElement, js_sys::Reflect};

/// How often a window is looked at, in milliseconds.
const PAUSE: u32 = 40;

/// A window that was opened.
#[derive(Clone)]
pub(super) struct Tab(JsValue);

impl Tab {
    /// Opens a window; none where the browser blocks it.
    pub(super) fn open(path: &str, name: &str) -> Option<Self> {
        let window = web_sys::window()?;
        let features = "popup,width=620,height=860";
        let opened = window.open_with_url_and_target_and_features(path, name, features);
        Some(Self(opened.ok()??.into()))
    }

    /// The window itself.
    pub(super) fn window(&self) -> &JsValue {
        &self.0
    }

    /// Closes it.
    pub(super) fn close(&self) {
        self.call("close");
    }

    /// Loads its page again.
    pub(super) fn reload(&self) {
        if let Ok(location) = Reflect::get(&self.0, &"location".into()) {
            Self(location).call("reload");
        }
    }

    /// Whether the person closed it.
    pub(super) fn is_closed(&self) -> bool {
        self.get("closed").is_none_or(|closed| closed.is_truthy())
    }

    fn call(&self, method: &str) {
        let function = Reflect::get(&self.0, &method.into());
        if let Some(function) = function.ok().and_then(|it| it.dyn_into().ok()) {
            let function: web_sys::js_sys::Function = function;
            let _ = function.call0(&self.0);
        }
    }

    fn get(&self, name: &str) -> Option<JsValue> {
        // Throws for a window of another origin.
        let value = Reflect::get(&self.0, &name.into()).ok()?;
        (!value.is_undefined() && !value.is_null()).then_some(value)
    }

    /// A text that the page left in its window.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.get(name)?.as_string()
    }

    /// The document, while it is ours.
    pub(super) fn document(&self) -> Option<Document> {
        // Its class is that of the other window: no `instanceof` would know it.
        Some(self.get("document")?.unchecked_into())
    }

    /// The path of its page.
    pub(super) fn path(&self) -> Option<String> {
        let location = self.get("location")?;
        Reflect::get(&location, &"pathname".into())
            .ok()?
            .as_string()
    }

    /// The text of the first element that this selector finds.
    pub(super) fn text_of(&self, selector: &str) -> Option<String> {
        let element = self.document()?.query_selector(selector).ok()??;
        element.text_content()
    }

    /// Whether there is such an element.
    pub(super) fn has(&self, selector: &str) -> bool {
        self.text_of(selector).is_some()
    }

    /// Presses the first element that this selector finds; false where there
    /// is none.
    pub(super) fn press(&self, selector: &str) -> bool {
        let found = self
            .document()
            .and_then(|document| document.query_selector(selector).ok()?);
        let Some(element) = found else {
            return false;
        };
        element.unchecked_into::<HtmlElement>().click();
        true
    }

    /// Waits until this holds; false after `limit` milliseconds, or when the
    /// window is gone.
    pub(super) async fn until(&self, limit: u32, holds: impl Fn(&Self) -> bool) -> bool {
        let mut waited = 0;
        while waited < limit && !self.is_closed() {
            if holds(self) {
                return true;
            }
            Browser.sleep(PAUSE).await;
            waited += PAUSE;
        }
        holds(self)
    }
}
