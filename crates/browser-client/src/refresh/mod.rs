//! When a token is refreshed, and by whom.

pub(crate) mod age;
pub(crate) mod decide;
pub(crate) mod lease;
pub(crate) mod ledger;
