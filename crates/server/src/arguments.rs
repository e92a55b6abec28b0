//! The command line.

use clap::{Parser, Subcommand};
use std::path::PathBuf;
#[cfg(feature = "demo")]
use {std::net::SocketAddr, url::Url};

/// OAuth tokens kept out of the browser, and the proof.
#[derive(Debug, Parser)]
#[command(name = "confidant", version)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Run the server. Without a configuration file, it runs the demo.
    Serve {
        /// The configuration file.
        #[arg(long, value_name = "FILE")]
        config: Option<PathBuf>,
    },
    /// Report the errors of a configuration. Contacts no provider.
    Check {
        /// The configuration file.
        #[arg(long, value_name = "FILE")]
        config: PathBuf,
    },
    /// Print a new key, one line for the key file.
    Keygen,
    /// Run only the demo provider.
    #[cfg(feature = "demo")]
    Provider(ProviderArguments),
}

#[cfg(feature = "demo")]
#[derive(Debug, clap::Args)]
pub(crate) struct ProviderArguments {
    /// The address to listen on. The issuer is http:// and this address.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:4000")]
    pub(crate) listen: SocketAddr,
    /// The origin of the application whose clients it knows.
    #[arg(long, value_name = "URL", default_value = "http://localhost:3000")]
    pub(crate) app_url: Url,
    /// The environment variable with the secret of the confidential client.
    #[arg(long, value_name = "NAME", default_value = "DEMO_CLIENT_SECRET")]
    pub(crate) client_secret_env: String,
    /// The file that keeps tokens, sessions and the signing key across restarts.
    #[arg(long, value_name = "FILE")]
    pub(crate) state_file: Option<PathBuf>,
    /// The lifetime of access tokens, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 60)]
    pub(crate) access_token_seconds: u64,
}
