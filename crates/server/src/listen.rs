//! Listeners.

use std::{io, net::SocketAddr};
use tokio::net::TcpListener;

/// Why there is no listener.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    /// Another program has the port.
    #[error(
        "another program listens on {address}, where {server} should: end it, or choose another \
         address with `{key}`"
    )]
    AddressInUse {
        /// Who wanted to listen.
        server: &'static str,
        /// Where.
        address: SocketAddr,
        /// What sets the address.
        key: &'static str,
    },
    /// Anything else.
    #[error("{server} cannot listen on {address}: {source}")]
    Bind {
        /// Who wanted to listen.
        server: &'static str,
        /// Where.
        address: SocketAddr,
        /// Why not.
        source: io::Error,
    },
}

/// Listens for `server` on an address that `key` sets.
///
/// # Errors
/// When that is not possible.
pub async fn listen(
    server: &'static str,
    address: SocketAddr,
    key: &'static str,
) -> Result<TcpListener, ListenError> {
    TcpListener::bind(address)
        .await
        .map_err(|source| match source.kind() {
            io::ErrorKind::AddrInUse => ListenError::AddressInUse {
                server,
                address,
                key,
            },
            _ => ListenError::Bind {
                server,
                address,
                source,
            },
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_taken_port_is_told_with_what_to_do() {
        let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = taken.local_addr().unwrap();
        let error = listen("the application", address, "listen")
            .await
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "another program listens on {address}, where the application should: end it, \
                 or choose another address with `listen`"
            )
        );
    }
}
