//! The exchange log: what travelled, as a sequence diagram and as a list.

mod diagram;
mod group;
mod label;
mod layout;
mod list;
mod section;

pub(crate) use diagram::Diagram;
pub(crate) use group::retries;
pub(crate) use section::ExchangeLog;
