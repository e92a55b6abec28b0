//! The proxies that may name the client.

use ipnet::IpNet;
use std::net::IpAddr;

/// The proxies that are believed when they say which client a request comes
/// from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustedProxies {
    networks: Vec<IpNet>,
    /// The header in which they say it.
    pub header: ForwardedHeader,
}

/// The header in which a proxy names the client. A proxy passes on the other one
/// as the client sent it, so only one can be believed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ForwardedHeader {
    /// `X-Forwarded-For`.
    #[default]
    XForwardedFor,
    /// `Forwarded` (RFC 7239).
    Forwarded,
}

impl ForwardedHeader {
    /// Returns the name of the header.
    pub fn name(self) -> &'static str {
        match self {
            Self::XForwardedFor => "x-forwarded-for",
            Self::Forwarded => "forwarded",
        }
    }
}

impl TrustedProxies {
    pub(super) fn new(networks: Vec<IpNet>, header: ForwardedHeader) -> Self {
        Self { networks, header }
    }

    /// Returns whether this is the address of a trusted proxy.
    pub fn contains(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.networks
            .iter()
            .any(|network| network.contains(&address))
    }
}

#[cfg(test)]
impl<'a> FromIterator<&'a str> for TrustedProxies {
    fn from_iter<I: IntoIterator<Item = &'a str>>(networks: I) -> Self {
        Self {
            networks: networks
                .into_iter()
                .filter_map(|text| network(text).ok())
                .collect(),
            header: ForwardedHeader::default(),
        }
    }
}

/// Parses a network, or one address.
pub(super) fn network(text: &str) -> Result<IpNet, String> {
    let address = || text.parse::<IpAddr>().map(IpNet::from);
    text.parse().or_else(|_| address()).map_err(|_| {
        format!(
            "{text:?} is no address and no network: expected a form like \"10.0.0.0/8\" or \
             \"192.0.2.1\""
        )
    })
}
