//! The status with which a page is answered.

/// Sets it while the page renders on the server; in the browser a page has
/// none.
pub(super) fn set(status: u16) {
    #[cfg(feature = "ssr")]
    crate::endpoint::set_status(status);
    #[cfg(not(feature = "ssr"))]
    let _ = status;
}
