//! `confidant serve` and `confidant provider` as processes.

#![allow(
    clippy::unwrap_used,
    reason = "the helpers of a test may fail where the test may"
)]

use std::{
    fs::File,
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    path::Path,
    process::{Child, Command},
    thread::sleep,
    time::{Duration, Instant},
};

/// A running process, ended with the test.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

impl Process {
    fn start(folder: &Path, arguments: &[&str], variables: &[(&str, String)]) -> Self {
        let log = File::create(folder.join("log")).unwrap();
        let child = Command::new(env!("CARGO_BIN_EXE_confidant"))
            .args(arguments)
            .current_dir(folder)
            .env_clear()
            .envs(variables.iter().map(|(name, value)| (name, value)))
            .stderr(log)
            .spawn()
            .unwrap();
        Self(child)
    }

    /// Asks it to end, and returns its exit code.
    fn terminate(mut self) -> Option<i32> {
        let id = self.0.id().to_string();
        Command::new("kill").args(["-TERM", &id]).status().unwrap();
        self.exit_code()
    }

    fn exit_code(&mut self) -> Option<i32> {
        let limit = Instant::now() + Duration::from_secs(20);
        while Instant::now() < limit {
            if let Some(status) = self.0.try_wait().unwrap() {
                return status.code();
            }
            sleep(Duration::from_millis(20));
        }
        panic!("it does not end");
    }
}

fn addresses() -> [String; 2] {
    [(); 2].map(|()| {
        confidant_test_support::ports::free_one()
            .unwrap()
            .to_string()
    })
}

fn variables(addresses: &[String; 2]) -> Vec<(&'static str, String)> {
    let [own, provider] = addresses;
    let port = own.rsplit(':').next().unwrap();
    vec![
        ("CONFIDANT_LISTEN", own.clone()),
        ("CONFIDANT_PUBLIC_URL", format!("http://localhost:{port}")),
        ("CONFIDANT_DEMO_PROVIDER", provider.clone()),
    ]
}

/// The answer to a GET, once somebody listens.
fn get(address: &str, path: &str) -> String {
    let limit = Instant::now() + Duration::from_secs(20);
    loop {
        match TcpStream::connect(address) {
            Ok(mut stream) => {
                write!(stream, "GET {path} HTTP/1.0\r\nhost: {address}\r\n\r\n").unwrap();
                let mut answer = String::new();
                stream.read_to_string(&mut answer).unwrap();
                return answer;
            }
            Err(error) if Instant::now() > limit => panic!("nobody at {address}: {error}"),
            Err(_) => sleep(Duration::from_millis(20)),
        }
    }
}

fn log(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("log")).unwrap()
}

#[test]
fn the_demo_starts_from_nothing_ends_when_told_and_starts_again() {
    let folder = tempfile::tempdir().unwrap();
    let addresses = addresses();
    let mut keys = Vec::new();
    for _ in 0..2 {
        let process = Process::start(folder.path(), &["serve"], &variables(&addresses));
        assert!(get(&addresses[0], "/healthz").ends_with("\r\n\r\nok"));
        let discovery = get(&addresses[1], "/.well-known/openid-configuration");
        assert!(discovery.contains(&format!(r#""issuer":"http://{}""#, addresses[1])));
        assert_eq!(process.terminate(), Some(0), "{}", log(folder.path()));
        keys.push(std::fs::read(folder.path().join("confidant.keys")).unwrap());
    }
    assert_eq!(keys[0], keys[1]);
}

#[test]
fn the_log_holds_no_query_and_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let addresses = addresses();
    let mut variables = variables(&addresses);
    variables.push(("DEMO_CLIENT_SECRET", "hush-hush".to_owned()));
    variables.push(("CONFIDANT_LOG_FORMAT", "json".to_owned()));
    let process = Process::start(folder.path(), &["serve"], &variables);
    get(&addresses[0], "/callback?code=precious&state=s");
    assert_eq!(process.terminate(), Some(0));
    let log = log(folder.path());
    let line = log.lines().find(|line| line.contains("/callback"));
    assert!(
        line.is_some_and(|line| line.contains(r#""status":200"#)),
        "{log}"
    );
    assert!(
        !log.contains("precious") && !log.contains("hush-hush"),
        "{log}"
    );
}

#[test]
fn a_taken_port_is_told_before_anything_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let [own, _] = addresses();
    let addresses = [own, taken.local_addr().unwrap().to_string()];
    let mut process = Process::start(folder.path(), &["serve"], &variables(&addresses));
    assert_eq!(process.exit_code(), Some(1));
    assert_eq!(
        log(folder.path()),
        format!(
            "the demo provider cannot listen on {}: another program uses that address; stop it, \
             or choose another address with `demo_provider`\n",
            addresses[1]
        )
    );
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_store_that_cannot_be_opened_is_told() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("confidant.db"), "not a database at all").unwrap();
    let mut process = Process::start(folder.path(), &["serve"], &variables(&addresses()));
    assert_eq!(process.exit_code(), Some(1));
    let log = log(folder.path());
    assert!(
        log.starts_with("the store sqlite:confidant.db cannot be opened: "),
        "{log}"
    );
}

#[test]
fn the_provider_runs_alone_and_wants_its_clients_secret() {
    let folder = tempfile::tempdir().unwrap();
    let [address, _] = addresses();
    let arguments = ["provider", "--listen", address.as_str()];
    let mut without = Process::start(folder.path(), &arguments, &[]);
    assert_eq!(without.exit_code(), Some(1));
    assert_eq!(
        log(folder.path()),
        "the environment variable DEMO_CLIENT_SECRET is not set\n"
    );
    let secret = [("DEMO_CLIENT_SECRET", "hush".to_owned())];
    let process = Process::start(folder.path(), &arguments, &secret);
    assert!(get(&address, "/jwks").contains("ES256"));
    assert_eq!(process.terminate(), Some(0));
}
