//! What is around every page: the document, the header, the live region.

mod announcer;
pub(crate) mod icon;
mod layout;
#[cfg(feature = "ssr")]
mod policy;
#[cfg(feature = "ssr")]
mod problem_page;
#[cfg(feature = "ssr")]
mod shell;

pub(crate) use announcer::Announcer;
pub use layout::App;
#[cfg(feature = "ssr")]
pub use policy::{PageSettings, content_security_policy};
#[cfg(feature = "ssr")]
pub use problem_page::problem_page;
#[cfg(feature = "ssr")]
pub use shell::shell;
