//! Addresses that are free.
//!
//! Not those that the system itself gives out: between the moment when one is
//! found and the moment when a server takes it, any connection on the machine
//! may be given it. Beneath them there is nobody but us, each process of ours
//! begins somewhere else, and none tries a port twice before it has tried all.

use std::{
    io,
    net::{Ipv4Addr, SocketAddr, TcpListener},
    ops::Range,
    process,
    sync::atomic::{AtomicU32, Ordering},
};

/// Linux gives out ports from 32768 on.
const OURS: Range<u16> = 15_000..32_000;
/// How far apart processes begin that were started one after the other.
const APART: u32 = 1009;

/// How many ports this process has tried.
static TRIED: AtomicU32 = AtomicU32::new(0);

/// So many addresses on the loopback interface, free a moment ago and all
/// different.
///
/// # Errors
/// When there are none left.
pub fn free_addresses(count: usize) -> io::Result<Vec<SocketAddr>> {
    (0..count).map(|_| free_address()).collect()
}

/// One such address.
///
/// # Errors
/// When there is none left.
pub fn free_address() -> io::Result<SocketAddr> {
    let mut taken = None;
    for _ in OURS {
        let tried = TRIED.fetch_add(1, Ordering::Relaxed);
        let port = candidate(process::id(), tried);
        match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
            Ok(listener) => return listener.local_addr(),
            Err(error) => taken = Some(error),
        }
    }
    Err(taken.unwrap_or_else(|| io::ErrorKind::AddrInUse.into()))
}

fn candidate(process: u32, tried: u32) -> u16 {
    let begin = process.wrapping_mul(APART);
    let offset = begin.wrapping_add(tried) % u32::from(OURS.end - OURS.start);
    OURS.start + u16::try_from(offset).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn what_was_given_out_is_not_given_out_again() {
        let free: HashSet<_> = free_addresses(50).unwrap().into_iter().collect();
        assert_eq!(free.len(), 50);
        assert!(free.iter().all(|it| OURS.contains(&it.port())), "{free:?}");
    }

    #[test]
    fn processes_begin_apart() {
        let ports = |process| (0..500).map(move |tried| candidate(process, tried));
        let all: HashSet<_> = (4000..4010).flat_map(ports).collect();
        assert_eq!(all.len(), 5000);
    }
}
