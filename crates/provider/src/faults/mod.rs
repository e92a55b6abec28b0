//! Faults put in on purpose, so that a client can show what it makes of them.
//!
//! [`rule`] says what goes wrong and for whom, [`plan`] decides when, both
//! without I/O; [`call`] reads whom a request is from, [`layer`] lets it go
//! wrong, and [`answer`] has the answers that are none. [`without_cors`]
//! is the part that lies around the CORS layer.

pub(crate) mod middleware;
pub(crate) mod plan;
pub(crate) mod request_info;
pub(crate) mod response;
pub(crate) mod rule;
pub(crate) mod without_cors;
