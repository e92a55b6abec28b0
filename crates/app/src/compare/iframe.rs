//! One of our own pages in a frame, and the buttons there. A frame shares
//! cookies, storages and locks with the page around it, as another tab would.
//!
//! If a frame shows another origin, the browser reveals nothing of it, and every
//! read returns none.

use confidant_browser::{Browser, Platform};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{
    Document, Element, HtmlElement,
    js_sys::{Function, Reflect},
};

/// The interval at which a page is checked, in milliseconds.
const PAUSE: u32 = 40;

/// Marks a page that is about to be loaded again.
const OLD: &str = "confidantOld";

/// The id of the element that holds the frames.
pub(super) const STAGE: &str = "compare-stage";

/// A frame with a page in it.
#[derive(Clone)]
pub(super) struct Frame(Element);

impl Frame {
    /// Opens a page in a frame with this title.
    pub(super) fn open(path: &str, title: &str) -> Option<Self> {
        let frame = web_sys::window()?
            .document()?
            .create_element("iframe")
            .ok()?;
        frame.set_attribute("src", path).ok()?;
        frame.set_attribute("title", title).ok()?;
        let document = web_sys::window()?.document()?;
        document
            .get_element_by_id(STAGE)?
            .append_child(&frame)
            .ok()?;
        Some(Self(frame))
    }

    /// Removes it: its page ends as in a tab that is closed.
    pub(super) fn close(&self) {
        self.0.remove();
    }

    /// Loads its page again; false if the new one has not begun within `limit`
    /// milliseconds.
    pub(super) async fn reload(&self, limit: u32) -> bool {
        let Some(location) = self.get("location") else {
            return false;
        };
        // The mark goes with the old page, which is still there for a while.
        let _ = Reflect::set(&self.window(), &OLD.into(), &JsValue::TRUE);
        let reload = Reflect::get(&location, &"reload".into());
        if let Some(reload) = reload.ok().filter(JsValue::is_function) {
            let _ = reload.unchecked_into::<Function>().call0(&location);
        }
        self.until(limit, |frame| frame.get(OLD).is_none()).await
    }

    /// Returns the window in it.
    pub(super) fn window(&self) -> JsValue {
        Reflect::get(&self.0, &"contentWindow".into()).unwrap_or(JsValue::NULL)
    }

    fn get(&self, name: &str) -> Option<JsValue> {
        // Throws for a page of another origin.
        let value = Reflect::get(&self.window(), &name.into()).ok()?;
        (!value.is_undefined() && !value.is_null()).then_some(value)
    }

    /// Returns a text that the page left in its window.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        self.get(name)?.as_string()
    }

    /// Returns the document, while it is ours.
    pub(super) fn document(&self) -> Option<Document> {
        // Its class is that of the other window: no `instanceof` would know it.
        Some(self.get("document")?.unchecked_into())
    }

    /// Returns the path of its page.
    pub(super) fn path(&self) -> Option<String> {
        let location = self.get("location")?;
        Reflect::get(&location, &"pathname".into())
            .ok()?
            .as_string()
    }

    /// Returns the text of the first element that this selector finds.
    pub(super) fn text_of(&self, selector: &str) -> Option<String> {
        let element = self.document()?.query_selector(selector).ok()??;
        element.text_content()
    }

    /// Whether there is such an element.
    pub(super) fn has(&self, selector: &str) -> bool {
        self.text_of(selector).is_some()
    }

    /// Presses the first element that this selector finds; false if there
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

    /// Waits until this holds; false after `limit` milliseconds.
    pub(super) async fn until(&self, limit: u32, holds: impl Fn(&Self) -> bool) -> bool {
        let mut waited = 0;
        while waited < limit {
            if holds(self) {
                return true;
            }
            Browser.sleep(PAUSE).await;
            waited += PAUSE;
        }
        holds(self)
    }
}
