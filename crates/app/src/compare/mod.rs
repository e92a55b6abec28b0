//! The comparison: one scenario, run with each client kind, and what was
//! measured while it ran.
//!
//! - `step`: the steps of the scenario
//! - `result`: what was measured, as it is stored
//! - `measurements`: what is measured, in words; `table`, `markdown`: its forms
//! - `view`: the interactive part of the page; `state`: what its parts share
//! - `run`: goes through the kinds; `scenario`: runs the steps with one kind
//! - `iframe`, `token_probe`: one of our pages in a frame, and what a script in it
//!   could read
//! - `control`: lets the user watch a run and stop it
//! - `pending_run`: what is remembered while the user is at the provider
//!
//! In the frames are the ordinary pages of the kinds, and their ordinary buttons
//! are pressed: the pages know nothing of the comparison, but for the exchanges
//! that each leaves in its window. No provider lets its sign-in be framed, for
//! good reason; for that the whole page goes there and comes back.

mod control;
mod download;
mod iframe;
mod markdown;
mod measurements;
mod pending_run;
mod result;
mod run;
mod scenario;
mod state;
mod step;
mod table;
mod token_probe;
mod view;

pub(crate) use view::view;
