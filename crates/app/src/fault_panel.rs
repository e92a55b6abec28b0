//! The fault panel of the demo: what goes wrong at the demo provider, and the
//! controls for it.

mod active;
pub(crate) mod commands;
mod controls;
mod data;
mod note;
mod page;
#[cfg(feature = "ssr")]
pub mod provider_controls;
#[cfg(feature = "ssr")]
mod provider_state;
#[cfg(feature = "ssr")]
mod wording;

pub use commands::CommandDone;
pub(crate) use note::FaultNote;
pub(crate) use page::page;
#[cfg(feature = "ssr")]
pub(crate) use provider_state::{active_faults, fault_panel};
