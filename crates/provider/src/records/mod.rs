//! Everything that the provider keeps across restarts.
//!
//! [`codes`], [`sessions`], [`consents`] and [`families`] each hold one kind of
//! record; [`store`] combines them. [`issue`] adds new tokens to them and
//! [`refresh`] carries out refreshes. [`state_file`] reads and writes the file.

pub(crate) mod codes;
mod consents;
pub(crate) mod families;
pub(crate) mod issue;
pub(crate) mod refresh;
pub(crate) mod sessions;
pub(crate) mod state_file;
pub(crate) mod store;
