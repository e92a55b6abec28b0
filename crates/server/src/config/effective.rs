//! The effective configuration: validated, with defaults filled in.

use super::{
    limits::{ConnectionLimits, RequestLimits},
    schema::LogFormat,
    storage,
    trusted_proxies::TrustedProxies,
};
use confidant_bff::{
    settings::{Secret, Settings},
    store::StoreUrl,
};
use std::{net::SocketAddr, path::PathBuf};

/// A validated configuration.
#[derive(Clone, Debug)]
pub struct Config {
    /// The address on which the application listens.
    pub listen: SocketAddr,
    /// The database.
    pub store: StoreUrl,
    /// The file with the keys that encrypt tokens in the database.
    pub key_file: PathBuf,
    /// Whether this is a demo, which offers fault controls.
    pub demo: bool,
    /// The demo provider, if it runs in this process.
    pub demo_provider: Option<DemoProvider>,
    /// The format of log lines.
    pub log_format: LogFormat,
    /// The address of the operator's listener, if there is one.
    pub operator_listen: Option<SocketAddr>,
    /// The proxies that may name the client.
    pub trusted_proxies: TrustedProxies,
    /// Limits on connections.
    pub connection_limits: ConnectionLimits,
    /// Limits on requests.
    pub request_limits: RequestLimits,
    /// The settings of the confidential client.
    pub settings: Settings,
}

/// The demo provider that runs inside the server.
#[derive(Clone, Debug)]
pub struct DemoProvider {
    /// The address on which it listens.
    pub listen: SocketAddr,
    /// Its issuer: `http://` and the address.
    pub issuer: String,
    /// The secret that it shares with the confidential client.
    pub client_secret: Secret,
}

impl Config {
    /// Returns the path of a file next to the database, with the database's
    /// name and this extension.
    pub fn beside_store(&self, extension: &str) -> PathBuf {
        storage::path(&self.store).with_extension(extension)
    }
}
