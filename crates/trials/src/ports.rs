//! Addresses that are free.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr, TcpListener},
};

/// So many addresses on the loopback interface, free a moment ago and all
/// different: the listeners that found them are held until the last is found.
///
/// # Errors
/// When the system has none left.
pub fn free(count: usize) -> io::Result<Vec<SocketAddr>> {
    let listeners = (0..count)
        .map(|_| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)))
        .collect::<Result<Vec<_>, _>>()?;
    listeners.iter().map(TcpListener::local_addr).collect()
}

/// One such address.
///
/// # Errors
/// When the system has none left.
pub fn free_one() -> io::Result<SocketAddr> {
    TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()
}
