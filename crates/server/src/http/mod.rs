//! The layers around the application, and what they decide.
//!
//! - [`frame`]: what every request meets first and every answer last
//! - [`browser_leg`]: writing down the browser's own requests
//! - [`csrf`]: which requests to `/auth` may do anything
//! - [`api`]: calls to APIs, under `/api`
//! - [`forms`]: the answers that a browser without JavaScript gets
//! - [`navigation`]: telling a person's navigation from a script's request
//! - [`way_back`]: renewing a session on the way to a page
//! - [`target`]: requests for a path, and others
//! - [`limits`]: bounds on bodies and on time
//! - [`headers`]: what every answer tells the browser
//! - [`assets`]: scripts, WebAssembly and styles
//! - [`answer`]: problems as JSON
//! - [`access_log`]: one line for each request

pub mod access_log;
pub mod answer;
pub mod api;
pub mod assets;
pub mod browser_leg;
pub mod csrf;
pub mod forms;
pub mod frame;
pub mod headers;
pub mod limits;
pub mod navigation;
pub mod target;
pub mod way_back;
