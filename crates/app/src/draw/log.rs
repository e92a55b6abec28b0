//! What travelled: the exchange log, as a sequence diagram and as a list.

mod diagram;
mod group;
mod label;
mod layout;
mod list;
mod section;

#[cfg(any(feature = "public", test))]
pub(crate) use diagram::picture;
pub(super) use group::tries;
pub(super) use section::log;
