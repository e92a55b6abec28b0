//! A demo provider and several servers on one store, each a process.

use crate::{
    Error,
    demo_provider::DemoProvider,
    http::{request, send},
    ports,
    process::Process,
};
use http::Method;
use std::{
    fmt::Write as _,
    fs,
    net::SocketAddr,
    path::{Path, PathBuf},
    process::Command,
    time::{Duration, Instant},
};
use tempfile::TempDir;

/// How long a process may take until it answers.
const START: Duration = Duration::from_secs(30);

/// What the client and the provider share. No secret outlives the trial.
const SECRET: (&str, &str) = ("DEMO_CLIENT_SECRET", "a-secret-of-the-trial");

/// How a deployment is set up.
#[derive(Clone, Debug)]
pub struct DeploymentConfig {
    /// The store's URL; a SQLite file of the trial's own if there is none.
    pub store: Option<String>,
    /// The profile by which the client knows the provider.
    pub profile: &'static str,
    /// For how long the client believes a used refresh token to be good.
    pub grace: Option<&'static str>,
    /// How long a token request may take.
    pub deadline: &'static str,
    /// How long access tokens live, in seconds.
    pub access_token_seconds: u64,
    /// Where calls to the API go, if not to the provider's own.
    pub upstream: Option<String>,
    /// Whether the exchange log and other things of the demo are on.
    pub demo: bool,
}

impl Default for DeploymentConfig {
    fn default() -> Self {
        Self {
            store: None,
            profile: "generic",
            grace: None,
            deadline: "5s",
            access_token_seconds: 3600,
            upstream: None,
            demo: false,
        }
    }
}

/// A provider, and what servers beside it need.
pub struct Deployment {
    binary: PathBuf,
    folder: TempDir,
    public: SocketAddr,
    at: SocketAddr,
    // Ended with the deployment.
    provider: Process,
    started: usize,
}

/// A server.
pub struct Server {
    /// Where it listens.
    pub at: SocketAddr,
    /// Its process.
    pub process: Process,
}

impl Deployment {
    /// Starts the provider and writes the servers' configuration. `binary` is
    /// `confidant`.
    ///
    /// # Errors
    /// When the provider does not come up.
    pub async fn start(binary: &Path, setup: &DeploymentConfig) -> Result<Self, Error> {
        // It runs in the trial's folder, where a relative path would not lead.
        let binary = &std::path::absolute(binary)?;
        let folder = tempfile::tempdir()?;
        let free = ports::free_addresses(2)?;
        let [public, at] = free[..] else {
            return Err(Error::because("no ports"));
        };
        let provider = Process::start(
            Command::new(binary)
                .args(["provider", "--listen", &at.to_string()])
                .args(["--app-url", &origin(public)])
                .args(["--access-token-seconds"])
                .arg(setup.access_token_seconds.to_string())
                .current_dir(folder.path())
                .env_clear()
                .env("RUST_LOG", "warn")
                .env(SECRET.0, SECRET.1),
            &folder.path().join("provider.log"),
        )?;
        let configuration = configuration(setup, public, at);
        let file = folder.path().join("confidant.toml");
        fs::write(&file, configuration).map_err(Error::at(&file))?;
        let mut deployment = Self {
            binary: binary.to_owned(),
            folder,
            public,
            at,
            provider,
            started: 0,
        };
        let keys = deployment.command(&["keygen"]).output()?;
        let file = deployment.folder.path().join("confidant.keys");
        fs::write(&file, keys.stdout).map_err(Error::at(&file))?;
        answers(at, "/jwks", &mut deployment.provider).await?;
        Ok(deployment)
    }

    /// Where the provider is.
    pub fn provider(&self) -> SocketAddr {
        self.at
    }

    /// Its controls and counts.
    pub fn demo(&self) -> DemoProvider {
        DemoProvider::at(self.at)
    }

    /// Where files of the trial are.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// How long the token endpoint takes by itself: it is asked for what it
    /// refuses, by our client, with the faults that refreshes meet.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn measure_token_endpoint(&self) -> Result<Duration, Error> {
        let body = format!(
            "grant_type=refresh_token&refresh_token=none&client_id={}&client_secret={}",
            crate::demo_provider::CLIENT,
            SECRET.1
        );
        let form = ("content-type", "application/x-www-form-urlencoded");
        let mut times = Vec::new();
        for _ in 0..5 {
            let request = request(Method::POST, "/token", &[form], &body)?;
            let asked = Instant::now();
            send(self.at, request).await?;
            times.push(asked.elapsed());
        }
        times.sort();
        Ok(times[times.len() / 2])
    }

    /// Starts one more server, and waits until it answers. The first listens
    /// at the public address, the others elsewhere.
    ///
    /// # Errors
    /// When it does not come up.
    pub async fn start_server(&mut self) -> Result<Server, Error> {
        let at = match self.started {
            0 => self.public,
            _ => ports::free_address()?,
        };
        self.started += 1;
        let log = self
            .folder
            .path()
            .join(format!("server-{}.log", self.started));
        let mut command = self.command(&["serve", "--config", "confidant.toml"]);
        command.env("CONFIDANT_LISTEN", at.to_string());
        let mut process = Process::start(&mut command, &log)?;
        answers(at, "/healthz", &mut process).await?;
        Ok(Server { at, process })
    }

    /// Starts so many.
    ///
    /// # Errors
    /// When one does not come up.
    pub async fn start_servers(&mut self, count: usize) -> Result<Vec<Server>, Error> {
        let mut servers = Vec::new();
        for _ in 0..count {
            servers.push(self.start_server().await?);
        }
        Ok(servers)
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.binary);
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .env_clear()
            .env(SECRET.0, SECRET.1);
        command
    }
}

/// The addresses of these servers.
pub fn addresses(servers: &[Server]) -> Vec<SocketAddr> {
    servers.iter().map(|server| server.at).collect()
}

fn origin(public: SocketAddr) -> String {
    format!("http://localhost:{}", public.port())
}

fn configuration(setup: &DeploymentConfig, public: SocketAddr, provider: SocketAddr) -> String {
    let store = setup.store.as_deref().unwrap_or("sqlite:confidant.db");
    let own = format!("http://{provider}/api");
    let upstream = setup.upstream.as_deref().unwrap_or(&own);
    let mut text = format!(
        r#"public_url = "{}"
store = "{store}"
key_file = "confidant.keys"
demo = {}

[refresh]
deadline = "{}"

[[providers]]
id = "demo"
profile = "{}"
issuer = "http://{provider}"
client_id = "confidant-web"
client_secret = {{ env = "{}" }}
scopes = ["openid", "profile", "email", "offline_access"]
authorize_params = {{ prompt = "consent" }}
"#,
        origin(public),
        setup.demo,
        setup.deadline,
        setup.profile,
        SECRET.0,
    );
    if let Some(grace) = setup.grace {
        let _ = writeln!(text, "grace = \"{grace}\"");
    }
    let _ = write!(
        text,
        r#"
[[apis]]
id = "demo"
provider = "demo"
upstream = "{upstream}"
routes = ["GET /*", "POST /*"]
"#
    );
    if setup.demo {
        text.insert_str(0, "demo_provider = \"external\"\n");
    }
    text
}

async fn answers(at: SocketAddr, path: &str, process: &mut Process) -> Result<(), Error> {
    let over = Instant::now() + START;
    loop {
        let asked = send(at, request(Method::GET, path, &[], "")?).await;
        if asked.is_ok_and(|answer| answer.status.is_success()) {
            return Ok(());
        }
        if Instant::now() > over || process.exit_status().is_some() {
            let told = process.log();
            return Err(Error::because(format!("nobody answers at {at}: {told}")));
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}
