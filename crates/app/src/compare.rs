//! The comparison: one scenario, played in each kind of client, and what was
//! measured while it ran.
//!
//! - [`step`]: the steps of the scenario
//! - [`result`]: what was measured, as it is stored
//! - [`table`], [`markdown`]: the result for people
//! - `page`: the page with nothing measured yet
//! - `frame`, `spy`: one of our pages in a frame, and what a script in it could
//!   read
//! - `scenario`: plays the steps; `control`: lets a person watch and stop it
//! - `journey`: what is remembered while the person is at the provider
//! - `attach`: brings the page to life
//!
//! In the frames are the ordinary pages of the kinds, and their ordinary buttons
//! are pressed: nothing in them knows of the comparison, but for the log that
//! each leaves in its window. No provider lets its sign-in be framed, rightly;
//! for that the whole page goes there and comes back.

#[cfg(feature = "public")]
mod attach;
#[cfg(feature = "public")]
mod control;
#[cfg(feature = "public")]
mod frame;
#[cfg(feature = "public")]
mod journey;
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
#[cfg(any(feature = "public", test))]
mod table;

#[cfg(feature = "public")]
pub(crate) use attach::attach;
pub(crate) use page::{PATH, page};
