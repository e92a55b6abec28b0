//! The library as axum sees it: routes, layers, extractors and responses.
//!
//! - `mount`: the routes and the layers, as methods of [`Bff`](crate::Bff)
//! - `router`: which request goes to which endpoint
//! - `endpoints`: one handler for each endpoint
//! - `callback`: the redirect URIs of single providers
//! - `forward`: the handler of forwarded API requests
//! - `extract`: [`Session`](crate::Session) and [`OptionalSession`] as extractors
//! - `fields`: parameters of forms and queries
//! - `response`: errors and results as responses
//! - `pages`, `error_page`, `html`: the library's own pages, in plain HTML
//! - [`csrf`]: the defence against cross-site requests
//! - `headers`: security headers
//! - `limits`: body size and time
//! - `navigation`: what a user opens, as opposed to what a script fetches
//! - `reauthenticate`: silent re-authentication of navigations
//! - `record`: the browser's requests in the exchange log

mod callback;
pub mod csrf;
mod endpoints;
mod error_page;
mod extract;
mod fields;
mod forward;
mod headers;
mod html;
mod limits;
mod mount;
mod navigation;
mod pages;
mod reauthenticate;
mod record;
mod response;
mod router;

pub use csrf::CsrfLayer;
pub use endpoints::{method_not_allowed, not_found};
pub use error_page::ErrorPage;
pub use extract::{OptionalSession, SessionRejection};
pub use headers::SecurityHeadersLayer;
pub use limits::limit;
pub use navigation::is_navigation;
pub use reauthenticate::reauthenticate;
pub use record::record;
pub use response::{problem_response, with_cookies};
