//! Which addresses belong to one subscriber.

use std::net::{IpAddr, Ipv6Addr};

/// Returns the network whose requests and connections count together: the address or, of IPv6,
/// the 64 bits that one subscriber has. Returns `None` for this machine: it has no
/// strangers, but perhaps a proxy that the settings do not name.
pub(crate) fn limited_network(address: IpAddr) -> Option<IpAddr> {
    match address.to_canonical() {
        address if address.is_loopback() => None,
        IpAddr::V6(address) => {
            let network = u128::from(address) & (u128::from(u64::MAX) << 64);
            Some(IpAddr::V6(Ipv6Addr::from(network)))
        }
        address => Some(address),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_of_one_subscriber_count_together_and_this_machine_is_not_limited() {
        let network = |text: &str| limited_network(text.parse().unwrap());
        assert_eq!(network("127.0.0.1"), None);
        assert_eq!(network("::1"), None);
        assert_eq!(network("::ffff:127.0.0.1"), None);
        assert_eq!(network("192.0.2.1"), Some("192.0.2.1".parse().unwrap()));
        assert_eq!(network("2001:db8:1:2::1"), network("2001:db8:1:2:3::9"));
        assert_ne!(network("2001:db8:1:2::1"), network("2001:db8:1:3::1"));
    }
}
