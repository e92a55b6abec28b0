//! Timers.

use super::window::window;
use js_sys::Promise;
use wasm_bindgen_futures::JsFuture;

/// Waits.
pub(super) async fn sleep(milliseconds: u32) {
    let milliseconds = i32::try_from(milliseconds).unwrap_or(i32::MAX);
    let promise = Promise::new(&mut |resolve, _| {
        if let Ok(window) = window() {
            let set = window
                .set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds);
            // Without timers the promise would stay pending forever.
            if set.is_err() {
                let _ = resolve.call0(&resolve);
            }
        }
    });
    let _ = JsFuture::from(promise).await;
}
