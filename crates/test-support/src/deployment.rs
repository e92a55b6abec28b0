//! A demo provider and servers that share a store, each in a process of its own.

mod config;

pub use config::{CLIENT_SECRET, DeploymentConfig};

use crate::{
    Error,
    demo_provider::{CLIENT, DemoProvider},
    http::{request, send, wait_until_ready},
    ports::{free_address, free_addresses},
    process::Process,
};
use config::SECRET_VARIABLE;
use http::Method;
use std::{
    fs::File,
    io::Write as _,
    net::SocketAddr,
    os::unix::fs::OpenOptionsExt as _,
    path::{self, Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// A running provider, and what servers need to run beside it.
pub struct Deployment {
    binary: PathBuf,
    folder: TempDir,
    public: SocketAddr,
    provider: SocketAddr,
    /// Killed when the deployment is dropped.
    provider_process: Process,
    started: usize,
}

/// A running server.
pub struct Server {
    /// The address that it listens on.
    pub address: SocketAddr,
    /// The address of the operator's listener.
    pub operator: SocketAddr,
    /// Its process.
    pub process: Process,
}

impl Deployment {
    /// Starts the provider and writes the servers' configuration and keys.
    /// `binary` is the program `confidant`.
    ///
    /// # Errors
    /// If the provider does not start.
    pub async fn start(binary: &Path, config: &DeploymentConfig) -> Result<Self, Error> {
        // The processes run in another folder, where a relative path would lead
        // elsewhere.
        let binary = path::absolute(binary)?;
        let folder = tempfile::tempdir()?;
        let [public, provider] = free_addresses()?;
        let provider_process = Process::spawn_with_log(
            Command::new(&binary)
                .args(["provider", "--listen", &provider.to_string()])
                .args(["--app-url", &public_url(public)])
                .args(["--access-token-seconds"])
                .arg(config.access_token_seconds.to_string())
                .current_dir(folder.path())
                .env_clear()
                .env("RUST_LOG", "warn")
                .env(SECRET_VARIABLE, CLIENT_SECRET),
            &folder.path().join("provider.log"),
        )?;
        let mut deployment = Self {
            binary,
            folder,
            public,
            provider,
            provider_process,
            started: 0,
        };
        let toml = config.to_toml(&public_url(public), provider);
        deployment.write_file("confidant.toml", toml.as_bytes())?;
        let keys = deployment.command(&["keygen"]).output()?;
        deployment.write_file("confidant.keys", &keys.stdout)?;
        wait_until_ready(&mut deployment.provider_process, provider, "/jwks").await?;
        Ok(deployment)
    }

    /// Returns the address of the provider.
    pub fn provider(&self) -> SocketAddr {
        self.provider
    }

    /// Returns the control API of the provider.
    pub fn demo(&self) -> DemoProvider {
        DemoProvider::at(self.provider)
    }

    /// Returns the folder in which the processes run.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Returns the median time of five token requests that the provider refuses.
    /// The client and the faults are those of the servers' refresh requests.
    ///
    /// # Errors
    /// If the provider does not respond.
    pub async fn measure_token_endpoint(&self) -> Result<Duration, Error> {
        let body = format!(
            "grant_type=refresh_token&refresh_token=none&client_id={CLIENT}&client_secret={CLIENT_SECRET}"
        );
        let form = ("content-type", "application/x-www-form-urlencoded");
        let mut times = Vec::new();
        for _ in 0..5 {
            let request = request(Method::POST, "/token", &[form], &body)?;
            let sent = Instant::now();
            send(self.provider, request).await?;
            times.push(sent.elapsed());
        }
        times.sort();
        Ok(times[times.len() / 2])
    }

    /// Starts a server and waits until it responds. The first one listens on the
    /// public address, the others on addresses of their own.
    ///
    /// # Errors
    /// If it does not start.
    pub async fn start_server(&mut self) -> Result<Server, Error> {
        let address = if self.started == 0 {
            self.public
        } else {
            free_address()?
        };
        let operator = free_address()?;
        self.started += 1;
        let log = format!("server-{}.log", self.started);
        let mut command = self.command(&["serve", "--config", "confidant.toml"]);
        command
            .env("CONFIDANT_LISTEN", address.to_string())
            .env("CONFIDANT_OPERATOR__LISTEN", operator.to_string());
        let mut process = Process::spawn_with_log(&mut command, &self.folder().join(log))?;
        wait_until_ready(&mut process, address, "/livez").await?;
        Ok(Server {
            address,
            operator,
            process,
        })
    }

    /// Starts `count` servers.
    ///
    /// # Errors
    /// If one does not start.
    pub async fn start_servers(&mut self, count: usize) -> Result<Vec<Server>, Error> {
        let mut servers = Vec::new();
        for _ in 0..count {
            servers.push(self.start_server().await?);
        }
        Ok(servers)
    }

    fn write_file(&self, name: &str, contents: &[u8]) -> Result<(), Error> {
        let path = self.folder().join(name);
        let write = || {
            let mut options = File::options();
            // The server refuses a key file that other users can read.
            let options = options.write(true).create(true).truncate(true).mode(0o600);
            options.open(&path)?.write_all(contents)
        };
        write().map_err(Error::at(&path))
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command
            .args(arguments)
            .current_dir(self.folder())
            .env_clear()
            .env(SECRET_VARIABLE, CLIENT_SECRET);
        command
    }
}

/// Returns the addresses of these servers.
pub fn addresses(servers: &[Server]) -> Vec<SocketAddr> {
    servers.iter().map(|server| server.address).collect()
}

fn public_url(public: SocketAddr) -> String {
    format!("http://localhost:{}", public.port())
}
