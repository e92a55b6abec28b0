//! Free addresses on the loopback interface.
//!
//! The ports lie below the range from which the system takes the local ports of
//! connections. A port of that range could be taken by any connection between
//! the moment it is found free and the moment a server binds it. Each process
//! starts its search at another port, and tries every port before it tries one
//! again.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    ops::Range,
    process,
    sync::atomic::{AtomicU32, Ordering},
};

/// The ports to choose from. Linux assigns local ports from 32768 on.
const PORTS: Range<u16> = 15_000..32_000;
/// The distance between the first ports of two processes with successive ids.
const STRIDE: u32 = 1009;

/// The number of ports that this process has tried.
static TRIED: AtomicU32 = AtomicU32::new(0);

/// Returns `N` different addresses that are free.
///
/// # Errors
/// If fewer are free.
pub fn free_addresses<const N: usize>() -> io::Result<[SocketAddr; N]> {
    let mut addresses = [SocketAddr::from((Ipv4Addr::LOCALHOST, 0)); N];
    for address in &mut addresses {
        *address = free_address()?;
    }
    Ok(addresses)
}

/// Returns an address that is free.
///
/// # Errors
/// If none is.
pub fn free_address() -> io::Result<SocketAddr> {
    let mut refused = None;
    for _ in PORTS {
        let tried = TRIED.fetch_add(1, Ordering::Relaxed);
        let port = candidate(process::id(), tried);
        match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
            Ok(listener) => return listener.local_addr(),
            Err(error) => refused = Some(error),
        }
    }
    Err(refused.unwrap_or_else(|| io::ErrorKind::AddrInUse.into()))
}

fn candidate(process: u32, tried: u32) -> u16 {
    let first = process.wrapping_mul(STRIDE);
    let offset = first.wrapping_add(tried) % u32::from(PORTS.end - PORTS.start);
    PORTS.start + u16::try_from(offset).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn an_address_is_returned_only_once() {
        let free = HashSet::from(free_addresses::<50>().unwrap());
        assert_eq!(free.len(), 50);
        let in_range = |address: &SocketAddr| PORTS.contains(&address.port());
        assert!(free.iter().all(in_range), "{free:?}");
    }

    #[test]
    fn two_processes_try_different_ports() {
        let ports = |process| (0..500).map(move |tried| candidate(process, tried));
        let all: HashSet<_> = (4000..4010).flat_map(ports).collect();
        assert_eq!(all.len(), 5000);
    }
}
