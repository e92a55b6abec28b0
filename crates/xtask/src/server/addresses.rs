//! The addresses of the application and the demo provider: the server's defaults,
//! unless its environment variables set others.

use std::{
    io,
    net::{SocketAddr, TcpListener},
};

use crate::error::Error;

/// The addresses of one run.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Addresses {
    listen: SocketAddr,
    /// `None` if the demo provider does not run in the server's process.
    provider: Option<SocketAddr>,
    public_url: String,
}

impl Addresses {
    /// Reads CONFIDANT_LISTEN, CONFIDANT_DEMO_PROVIDER and CONFIDANT_PUBLIC_URL.
    ///
    /// # Errors
    /// If a value is not an address.
    pub(super) fn from_environment(
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, Error> {
        let address = |name: &str, default: &str| {
            let text = variable(name).unwrap_or_else(|| default.to_owned());
            text.parse::<SocketAddr>().map_err(|_| {
                Error::Message(format!("{name} is `{text}`; expected e.g. `{default}`"))
            })
        };
        let listen = address("CONFIDANT_LISTEN", "127.0.0.1:3000")?;
        let provider = match variable("CONFIDANT_DEMO_PROVIDER").as_deref() {
            Some("external") => None,
            _ => Some(address("CONFIDANT_DEMO_PROVIDER", "127.0.0.1:4000")?),
        };
        let public_url = variable("CONFIDANT_PUBLIC_URL")
            .unwrap_or_else(|| format!("http://localhost:{}", listen.port()));
        Ok(Self {
            listen,
            provider,
            public_url,
        })
    }

    /// Returns the address that the application listens on.
    pub(super) fn listen(&self) -> SocketAddr {
        self.listen
    }

    /// Returns the URL to open in a browser.
    pub(super) fn public_url(&self) -> &str {
        &self.public_url
    }

    /// Checks that no other program uses the ports.
    ///
    /// # Errors
    /// If a port is in use. The error says how to change it.
    pub(super) fn check_free(&self) -> Result<(), Error> {
        check_free("the application", self.listen, "CONFIDANT_LISTEN")?;
        match self.provider {
            Some(provider) => check_free("the demo provider", provider, "CONFIDANT_DEMO_PROVIDER"),
            None => Ok(()),
        }
    }
}

fn check_free(user: &str, address: SocketAddr, variable: &str) -> Result<(), Error> {
    match TcpListener::bind(address) {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => Err(Error::Message(format!(
            "another program listens on {address}, where {user} should; \
             end it, or set {variable} to another address"
        ))),
        // The server reports any other error itself, with more detail.
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_variables_the_addresses_are_the_documented_ones() {
        let addresses = Addresses::from_environment(|_| None).unwrap();
        assert_eq!(addresses.listen().to_string(), "127.0.0.1:3000");
        assert_eq!(addresses.public_url(), "http://localhost:3000");
        assert_eq!(addresses.provider.map(|address| address.port()), Some(4000));
    }

    #[test]
    fn the_public_url_follows_the_port_of_the_listener() {
        let addresses = Addresses::from_environment(|name| {
            (name == "CONFIDANT_LISTEN").then(|| "127.0.0.1:3100".into())
        })
        .unwrap();
        assert_eq!(addresses.public_url(), "http://localhost:3100");
    }

    #[test]
    fn the_error_of_a_bad_address_names_its_variable() {
        let error =
            Addresses::from_environment(|name| (name == "CONFIDANT_LISTEN").then(|| "here".into()))
                .unwrap_err();
        assert!(error.to_string().contains("CONFIDANT_LISTEN is `here`"));
    }

    #[test]
    fn a_port_in_use_is_reported_before_the_server_starts() {
        let occupied = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = occupied.local_addr().unwrap();
        let sentence = check_free("the application", address, "CONFIDANT_LISTEN")
            .unwrap_err()
            .to_string();
        assert!(sentence.contains(&address.to_string()), "{sentence}");
        drop(occupied);
        assert!(check_free("the application", address, "CONFIDANT_LISTEN").is_ok());
    }
}
