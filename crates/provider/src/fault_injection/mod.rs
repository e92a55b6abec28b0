//! Injecting the faults of a [`FaultPlan`](crate::faults::plan::FaultPlan) into
//! requests.
//!
//! [`middleware`] asks the plan about each request that [`request_info`]
//! describes, and sends the faulty [`response`]. [`without_cors`] wraps the
//! CORS layer and strips its headers. [`log`] records each fault.

mod log;
pub(crate) mod middleware;
mod request_info;
mod response;
pub(crate) mod without_cors;
