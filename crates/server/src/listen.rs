//! Listening sockets.

use std::{io, net::SocketAddr};
use tokio::net::TcpListener;

/// Why a server cannot listen.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    /// Another program uses the address.
    #[error(
        "{server} cannot listen on {address}: another program uses that address; stop it, or \
         choose another address with `{key}`"
    )]
    AddressInUse {
        /// The server, for the message.
        server: &'static str,
        /// The address.
        address: SocketAddr,
        /// The key or option that sets the address.
        key: &'static str,
    },
    /// Binding failed for another reason.
    #[error("{server} cannot listen on {address}: {source}")]
    Bind {
        /// The server, for the message.
        server: &'static str,
        /// The address.
        address: SocketAddr,
        /// The cause.
        source: io::Error,
    },
}

/// Listens on an address. An error names the server and the key that sets the
/// address.
///
/// # Errors
/// If the address is in use or cannot be bound.
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
    async fn an_address_in_use_is_reported_with_the_remedy() {
        let taken = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = taken.local_addr().unwrap();
        let error = listen("the application", address, "listen")
            .await
            .unwrap_err();
        assert_eq!(
            error.to_string(),
            format!(
                "the application cannot listen on {address}: another program uses that address; \
                 stop it, or choose another address with `listen`"
            )
        );
    }
}
