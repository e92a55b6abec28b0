//! The address of the client that a request comes from.

use std::net::IpAddr;

/// The client's address, as an extension of the request. The application's server
/// adds it, because it knows which proxies in front of it can be believed. APIs
/// get it in the header `X-Forwarded-For`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientAddress(pub IpAddr);
