//! The fault panel of the demo: what goes wrong at the demo provider, and the
//! controls for it.

mod active;
pub(crate) mod commands;
#[cfg(feature = "ssr")]
pub mod controls;
mod data;
mod note;
mod page;
mod panel;
#[cfg(feature = "ssr")]
mod summary;
#[cfg(feature = "ssr")]
mod wording;

pub use commands::CommandDone;
pub(crate) use note::FaultNote;
pub(crate) use page::page;
#[cfg(feature = "ssr")]
pub(crate) use summary::{active_faults, fault_panel};
