//! Limits on what strangers can use up, and the proxies that are trusted.

use super::{
    diagnostics::Diagnostics,
    duration,
    schema::{Count, Limits as LimitKeys, MaybeSpanned},
    trusted_proxies::{ForwardedHeader, TrustedProxies, network},
};
use std::time::Duration;
use toml::Spanned;

/// Limits on connections.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ConnectionLimits {
    /// The number of connections.
    pub total: usize,
    /// The number of connections of one address that is neither a trusted
    /// proxy's nor of this machine.
    pub per_address: usize,
    /// How long a new connection may take to send the head of a request.
    pub first_request: Duration,
    /// How long a connection may take to send the head of a further request.
    /// Longer than a proxy keeps unused connections.
    pub idle: Duration,
}

impl Default for ConnectionLimits {
    fn default() -> Self {
        Self {
            total: 16_384,
            per_address: 1_000,
            first_request: Duration::from_secs(15),
            idle: Duration::from_secs(75),
        }
    }
}

/// Limits on requests, each in requests a second; zero means none. Ten seconds'
/// worth may come at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequestLimits {
    /// Of one client address that is not of this machine.
    pub per_address: u32,
    /// Of one session.
    pub per_session: u32,
    /// Of all clients.
    pub total: u32,
    /// Starts and ends of sign-ins of one client address that is not of this
    /// machine.
    pub sign_ins_per_address: u32,
    /// Starts and ends of sign-ins of all clients.
    pub sign_ins: u32,
}

impl Default for RequestLimits {
    /// No limit on all requests together: it would let one client keep out the
    /// others.
    fn default() -> Self {
        Self {
            per_address: 100,
            per_session: 100,
            total: 0,
            sign_ins_per_address: 10,
            sign_ins: 200,
        }
    }
}

/// Returns the trusted proxies.
pub(super) fn proxies(
    networks: &[Spanned<String>],
    header: ForwardedHeader,
    diagnostics: &mut Diagnostics<'_>,
) -> Option<TrustedProxies> {
    let networks = diagnostics.parse_all(networks, network)?;
    Some(TrustedProxies::new(networks, header))
}

/// Returns the limits on connections.
pub(super) fn connections(
    keys: &LimitKeys,
    diagnostics: &mut Diagnostics<'_>,
) -> Option<ConnectionLimits> {
    let default = ConnectionLimits::default();
    let total = count(&keys.connections, default.total, 1, diagnostics);
    let per_address = count(
        &keys.connections_per_address,
        default.per_address,
        1,
        diagnostics,
    );
    let first = diagnostics.parse_or(&keys.first_request, default.first_request, duration::parse);
    let idle = diagnostics.parse_or(&keys.idle, default.idle, duration::parse);
    Some(ConnectionLimits {
        total: total?,
        per_address: per_address?,
        first_request: first?,
        idle: idle?,
    })
}

/// Returns the limits on requests.
pub(super) fn requests(
    keys: &LimitKeys,
    diagnostics: &mut Diagnostics<'_>,
) -> Option<RequestLimits> {
    let default = RequestLimits::default();
    let mut rate = |value, default| count(value, default, 0, diagnostics);
    let per_address = rate(&keys.requests_per_address, default.per_address);
    let per_session = rate(&keys.requests_per_session, default.per_session);
    let total = rate(&keys.requests, default.total);
    let sign_ins_per_address = rate(&keys.sign_ins_per_address, default.sign_ins_per_address);
    let sign_ins = rate(&keys.sign_ins, default.sign_ins);
    Some(RequestLimits {
        per_address: per_address?,
        per_session: per_session?,
        total: total?,
        sign_ins_per_address: sign_ins_per_address?,
        sign_ins: sign_ins?,
    })
}

/// Returns a number of at least `least` and at most a million.
fn count<T: TryFrom<u64>>(
    value: &MaybeSpanned<Count>,
    default: T,
    least: u64,
    diagnostics: &mut Diagnostics<'_>,
) -> Option<T> {
    let Some(value) = value else {
        return Some(default);
    };
    let number = match value.get_ref() {
        Count::Number(number) => Some(*number),
        Count::Text(text) => text.parse().ok(),
    };
    let number = number.filter(|number| (least..=1_000_000).contains(number));
    let parsed = number.and_then(|number| T::try_from(number).ok());
    if parsed.is_none() {
        diagnostics.report(
            value,
            format!("expected a whole number from {least} to 1000000"),
        );
    }
    parsed
}
