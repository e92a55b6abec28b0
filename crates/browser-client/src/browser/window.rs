//! The page's window, and the error of a browser that lacks something.

use crate::error::{Error, ErrorKind};
use web_sys::Window;

/// Returns the page's window.
pub(super) fn window() -> Result<Window, Error> {
    web_sys::window().ok_or_else(|| lacks("a window"))
}

/// The browser does not offer this here.
pub(super) fn lacks(what: &str) -> Error {
    let message = format!("This browser does not offer {what} here.");
    Error::new(ErrorKind::BrowserLacks, message)
}
