//! The frontend of the `bff` pages.

use wasm_bindgen::prelude::wasm_bindgen;

/// Brings the page's islands to life.
#[wasm_bindgen]
pub fn hydrate() {
    console_error_panic_hook::set_once();
    confidant_app::hydrate(&confidant_app::BFF);
}
