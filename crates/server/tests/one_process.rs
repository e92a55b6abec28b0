//! `confidant serve` and `confidant provider`, each as one process.

#![allow(
    clippy::unwrap_used,
    reason = "the helpers of a test may fail where the test may"
)]

use confidant_test_support::{
    http::{Response, request, send, wait_until_ready},
    ports::free_addresses,
    process::Process,
};
use std::{
    fs,
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpListener},
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::Command,
    time::Duration,
};

/// How long a process may take to end.
const LIMIT: Duration = Duration::from_secs(20);

fn start(folder: &Path, arguments: &[&str], variables: &[(&str, String)]) -> Process {
    let mut command = Command::new(env!("CARGO_BIN_EXE_confidant"));
    command
        .args(arguments)
        .current_dir(folder)
        .env_clear()
        .envs(variables.iter().map(|(name, value)| (name, value)));
    let log = folder.join("log");
    // Each process has a log of its own.
    let _ = fs::remove_file(&log);
    Process::spawn_with_log(&mut command, &log).unwrap()
}

/// Waits until a process ends by itself. Returns its exit code and log.
fn ended(mut process: Process) -> (Option<i32>, String) {
    let status = process.wait_at_most(LIMIT).unwrap();
    (status.code(), process.log())
}

/// Returns the variables that make the application and the demo provider listen on
/// these addresses.
fn variables([app, provider]: [SocketAddr; 2]) -> Vec<(&'static str, String)> {
    let public_url = format!("http://localhost:{}", app.port());
    vec![
        ("CONFIDANT_LISTEN", app.to_string()),
        ("CONFIDANT_PUBLIC_URL", public_url),
        ("CONFIDANT_DEMO_PROVIDER", provider.to_string()),
    ]
}

async fn get(server: SocketAddr, path: &str) -> Response {
    let request = request(axum::http::Method::GET, path, &[], "").unwrap();
    send(server, request).await.unwrap()
}

#[tokio::test]
async fn the_demo_starts_without_configuration_ends_on_sigterm_and_starts_again() {
    let folder = tempfile::tempdir().unwrap();
    let addresses = free_addresses().unwrap();
    let [app, provider] = addresses;
    let mut keys = Vec::new();
    for _ in 0..2 {
        let mut process = start(folder.path(), &["serve"], &variables(addresses));
        wait_until_ready(&mut process, app, "/livez").await.unwrap();
        assert_eq!(get(app, "/livez").await.text(), "ok");
        let discovery = get(provider, "/.well-known/openid-configuration").await;
        assert_eq!(discovery.json()["issuer"], format!("http://{provider}"));
        let log = fs::read_to_string(folder.path().join("log")).unwrap();
        assert_eq!(process.terminate(LIMIT), Some(0), "{log}");
        keys.push(fs::read(folder.path().join("confidant.keys")).unwrap());
    }
    assert_eq!(keys[0], keys[1]);
}

#[tokio::test]
async fn the_log_contains_no_query_and_no_secret() {
    let folder = tempfile::tempdir().unwrap();
    let addresses = free_addresses().unwrap();
    let mut variables = variables(addresses);
    variables.push(("DEMO_CLIENT_SECRET", "hush-hush".to_owned()));
    variables.push(("CONFIDANT_LOG_FORMAT", "json".to_owned()));
    let mut process = start(folder.path(), &["serve"], &variables);
    let [app, _] = addresses;
    wait_until_ready(&mut process, app, "/livez").await.unwrap();
    get(app, "/callback?code=precious&state=s").await;
    assert_eq!(process.terminate(LIMIT), Some(0));
    let log = fs::read_to_string(folder.path().join("log")).unwrap();
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
fn a_port_in_use_is_reported_before_any_file_is_written() {
    let folder = tempfile::tempdir().unwrap();
    let occupied = TcpListener::bind("127.0.0.1:0").unwrap();
    let provider = occupied.local_addr().unwrap();
    let [app] = free_addresses().unwrap();
    let process = start(folder.path(), &["serve"], &variables([app, provider]));
    let message = format!(
        "the demo provider cannot listen on {provider}: another program uses that address; stop it, \
         or choose another address with `demo_provider`\n"
    );
    assert_eq!(ended(process), (Some(1), message));
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn a_store_that_cannot_be_opened_is_reported() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("confidant.db"), "not a database at all").unwrap();
    let variables = variables(free_addresses().unwrap());
    let (code, log) = ended(start(folder.path(), &["serve"], &variables));
    assert_eq!(code, Some(1));
    assert!(
        log.starts_with("store: sqlite:confidant.db cannot be opened: "),
        "{log}"
    );
}

#[tokio::test]
async fn the_provider_runs_alone_and_needs_its_clients_secret() {
    let folder = tempfile::tempdir().unwrap();
    let [address] = free_addresses().unwrap();
    let listen = address.to_string();
    let arguments = ["provider", "--listen", listen.as_str()];
    let without = start(folder.path(), &arguments, &[]);
    let message = "the environment variable DEMO_CLIENT_SECRET is not set\n".to_owned();
    assert_eq!(ended(without), (Some(1), message));
    let secret = [("DEMO_CLIENT_SECRET", "hush".to_owned())];
    let mut process = start(folder.path(), &arguments, &secret);
    wait_until_ready(&mut process, address, "/jwks")
        .await
        .unwrap();
    assert!(get(address, "/jwks").await.text().contains("ES256"));
    assert_eq!(process.terminate(LIMIT), Some(0));
}

/// Writes a configuration with a provider at this issuer. Returns the variables
/// of the process.
fn configure(folder: &Path, app: SocketAddr, issuer: &str) -> Vec<(&'static str, String)> {
    let toml = format!(
        r#"
listen = "{app}"
public_url = "http://localhost:{}"
store = "sqlite:confidant.db"
key_file = "confidant.keys"
[[providers]]
id = "p"
issuer = "{issuer}"
client_id = "c"
client_secret = {{ env = "SECRET" }}
"#,
        app.port()
    );
    fs::write(folder.join("c.toml"), toml).unwrap();
    let keygen = Command::new(env!("CARGO_BIN_EXE_confidant"))
        .arg("keygen")
        .output()
        .unwrap();
    let keys = folder.join("confidant.keys");
    fs::write(&keys, keygen.stdout).unwrap();
    fs::set_permissions(&keys, fs::Permissions::from_mode(0o600)).unwrap();
    vec![("SECRET", "hush".to_owned())]
}

const SERVE: [&str; 3] = ["serve", "--config", "c.toml"];

/// Answers one connection with this text. Returns what was asked.
fn answer(listener: TcpListener, text: &'static str) -> std::thread::JoinHandle<String> {
    std::thread::spawn(move || {
        let (mut connection, _) = listener.accept().unwrap();
        let mut head = vec![0; 4096];
        let length = connection.read(&mut head).unwrap();
        connection.write_all(text.as_bytes()).unwrap();
        String::from_utf8_lossy(&head[..length]).into_owned()
    })
}

#[tokio::test]
async fn b10_a_provider_elsewhere_is_asked_through_the_proxy_of_the_environment() {
    let folder = tempfile::tempdir().unwrap();
    let [app] = free_addresses().unwrap();
    let proxy = TcpListener::bind("127.0.0.1:0").unwrap();
    let mut variables = configure(folder.path(), app, "https://idp.invalid");
    let address = format!("http://{}", proxy.local_addr().unwrap());
    variables.push(("HTTPS_PROXY", address));
    let asked = answer(proxy, "HTTP/1.1 502 Bad Gateway\r\n\r\n");
    let _process = start(folder.path(), &SERVE, &variables);
    let asked = tokio::task::spawn_blocking(|| asked.join().unwrap())
        .await
        .unwrap();
    assert!(
        asked.starts_with("CONNECT idp.invalid:443 HTTP/1.1\r\n"),
        "{asked}"
    );
}

#[tokio::test]
async fn b38_the_log_says_what_is_wrong_with_the_metadata() {
    for (text, part) in [
        (
            "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\nconnection: close\r\n\r\n<html>",
            "text/html",
        ),
        (
            "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{\"issuer\": \"x\\n2026 ERROR forged\"}",
            "x\\\\n2026 ERROR forged",
        ),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let [app] = free_addresses().unwrap();
        let provider = TcpListener::bind("127.0.0.1:0").unwrap();
        let issuer = format!("http://{}", provider.local_addr().unwrap());
        let variables = configure(folder.path(), app, &issuer);
        let asked = answer(provider, text);
        let process = start(folder.path(), &SERVE, &variables);
        tokio::task::spawn_blocking(|| asked.join().unwrap())
            .await
            .unwrap();
        let logged = async {
            while !process.log().contains("cannot be fetched yet") {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        tokio::time::timeout(LIMIT, logged).await.unwrap();
        let log = process.log();
        assert!(log.contains(part), "{log}");
        assert!(
            !log.lines().any(|line| line.starts_with("2026 ERROR")),
            "{log}"
        );
    }
}
