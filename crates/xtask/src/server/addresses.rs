//! Where the application and the demo provider listen: the server's own
//! defaults, unless its own variables say otherwise.

use std::{
    io,
    net::{SocketAddr, TcpListener},
};

use crate::failure::Failure;

/// The addresses of one run.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Addresses {
    listen: SocketAddr,
    provider: Option<SocketAddr>,
    open: String,
}

impl Addresses {
    /// Reads CONFIDANT_LISTEN, CONFIDANT_DEMO_PROVIDER and CONFIDANT_PUBLIC_URL.
    ///
    /// # Errors
    /// When an address is none.
    pub(crate) fn from_environment(
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, Failure> {
        let address = |name: &str, default: &str| {
            let text = variable(name).unwrap_or_else(|| default.to_owned());
            text.parse::<SocketAddr>().map_err(|_| {
                Failure::Because(format!("{name} is `{text}`; expected e.g. `{default}`"))
            })
        };
        let listen = address("CONFIDANT_LISTEN", "127.0.0.1:3000")?;
        let provider = match variable("CONFIDANT_DEMO_PROVIDER").as_deref() {
            Some("external") => None,
            _ => Some(address("CONFIDANT_DEMO_PROVIDER", "127.0.0.1:4000")?),
        };
        let open = variable("CONFIDANT_PUBLIC_URL")
            .unwrap_or_else(|| format!("http://localhost:{}", listen.port()));
        Ok(Self {
            listen,
            provider,
            open,
        })
    }

    /// Where the application listens.
    pub(crate) fn listen(&self) -> SocketAddr {
        self.listen
    }

    /// What to type into a browser.
    pub(crate) fn open(&self) -> &str {
        &self.open
    }

    /// Says which port another program has, before the server trips over it.
    ///
    /// # Errors
    /// When one is taken.
    pub(crate) fn refuse_busy(&self) -> Result<(), Failure> {
        refuse_busy("the application", self.listen, "CONFIDANT_LISTEN")?;
        match self.provider {
            Some(provider) => refuse_busy("the demo provider", provider, "CONFIDANT_DEMO_PROVIDER"),
            None => Ok(()),
        }
    }
}

fn refuse_busy(who: &str, address: SocketAddr, variable: &str) -> Result<(), Failure> {
    match TcpListener::bind(address) {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => Err(Failure::Because(format!(
            "another program listens on {address}, where {who} should; \
             end it, or set {variable} to another address"
        ))),
        // Anything else the server will say better.
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
        assert_eq!(addresses.open(), "http://localhost:3000");
        assert_eq!(addresses.provider.map(|address| address.port()), Some(4000));
    }

    #[test]
    fn a_moved_listener_is_announced_where_it_is() {
        let addresses = Addresses::from_environment(|name| {
            (name == "CONFIDANT_LISTEN").then(|| "127.0.0.1:3100".into())
        })
        .unwrap();
        assert_eq!(addresses.open(), "http://localhost:3100");
    }

    #[test]
    fn a_bad_address_names_its_variable() {
        let failure =
            Addresses::from_environment(|name| (name == "CONFIDANT_LISTEN").then(|| "here".into()))
                .unwrap_err();
        assert!(failure.to_string().contains("CONFIDANT_LISTEN is `here`"));
    }

    #[test]
    fn a_taken_port_is_named_before_the_server_starts() {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = taken.local_addr().unwrap();
        let sentence = refuse_busy("the application", address, "CONFIDANT_LISTEN")
            .unwrap_err()
            .to_string();
        assert!(sentence.contains(&address.to_string()), "{sentence}");
        drop(taken);
        assert!(refuse_busy("the application", address, "CONFIDANT_LISTEN").is_ok());
    }
}
