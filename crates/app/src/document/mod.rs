//! The HTML document around every page, and its security policy.

mod policy;
mod problem_page;
mod shell;

pub use policy::{PageSettings, content_security_policy};
pub use problem_page::problem_page;
pub use shell::shell;
