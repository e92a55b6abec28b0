//! The comparison: one scenario, played in each kind of client, and what was
//! measured while it ran.
//!
//! - [`step`]: the steps of the scenario
//! - [`result`]: what was measured, as it is stored
//! - [`table`], [`markdown`]: the result for people
//! - `page`: the page with nothing measured yet
//! - `tab`, `spy`: another window of ours, and what a script in it could read
//! - `scenario`: plays the steps; `control`: lets a person watch and stop it
//! - `attach`: brings the page to life
//!
//! The windows that it opens are the ordinary pages of the kinds, and it
//! presses their ordinary buttons: nothing in them knows of the comparison,
//! but for the log that each leaves in its window for whoever opened it.

#[cfg(feature = "public")]
mod attach;
#[cfg(feature = "public")]
mod control;
#[cfg(any(feature = "public", test))]
mod markdown;
mod page;
#[cfg(any(feature = "public", test))]
mod result;
#[cfg(feature = "public")]
mod scenario;
#[cfg(feature = "public")]
mod spy;
mod step;
#[cfg(feature = "public")]
mod tab;
#[cfg(any(feature = "public", test))]
mod table;

#[cfg(feature = "public")]
pub(crate) use attach::attach;
pub(crate) use page::{PATH, page};
