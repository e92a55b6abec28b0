//! Hosts that are this machine.

use std::net::{Ipv4Addr, Ipv6Addr};

/// Whether `host` is a loopback address: `localhost` and the names below it
/// (RFC 6761, section 6.3), 127.0.0.0/8, or `::1` with or without brackets.
/// `host` comes without a port, as from a parsed URL.
pub fn is_loopback(host: &str) -> bool {
    let ipv6 = host
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .unwrap_or(host);
    is_localhost(host)
        || host.parse::<Ipv4Addr>().is_ok_and(|ip| ip.is_loopback())
        || ipv6.parse::<Ipv6Addr>().is_ok_and(|ip| ip.is_loopback())
}

fn is_localhost(host: &str) -> bool {
    let top = host.rsplit_once('.').map_or(host, |(_, top)| top);
    top.eq_ignore_ascii_case("localhost") && !host.starts_with('.')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cases::loopback;

    #[test]
    fn this_machine_is_told_from_every_other() {
        for host in loopback::LOOPBACK {
            assert!(is_loopback(host), "{host}");
        }
        for host in loopback::OTHER {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
