//! The token view: everything that may be shown of a token.

mod change;
mod chip;
mod countdown;
mod sheet;

pub(crate) use change::ChangeView;
pub(crate) use sheet::TokenSheet;
