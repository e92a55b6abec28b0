//! nginx, as an upstream that answers at once and as a proxy in front of it.

use confidant_test_support::{Error, http::wait_until_ready, ports, process::Process};
use std::{
    fs,
    net::SocketAddr,
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};
use tempfile::TempDir;

/// A running nginx.
pub(crate) struct Nginx {
    pub(crate) upstream: SocketAddr,
    pub(crate) proxy: SocketAddr,
    process: Option<Process>,
    _folder: TempDir,
}

impl Drop for Nginx {
    /// Ends nginx with SIGTERM: its workers would survive a SIGKILL.
    fn drop(&mut self) {
        if let Some(process) = self.process.take() {
            process.terminate(Duration::from_secs(5));
        }
    }
}

impl Nginx {
    pub(crate) async fn start(program: &Path) -> Result<Self, Error> {
        let folder = tempfile::tempdir()?;
        let [upstream, proxy] = ports::free_addresses()?;
        let file = folder.path().join("nginx.conf");
        let text = configuration(folder.path(), upstream, proxy);
        fs::write(&file, text).map_err(Error::at(&file))?;
        let mut command = Command::new(program);
        command.arg("-p").arg(folder.path()).arg("-c").arg(&file);
        command.stdout(Stdio::null());
        let log = folder.path().join("log");
        let mut process = Process::spawn_with_log(&mut command, &log)?;
        let ready = wait_until_ready(&mut process, proxy, "/").await;
        let nginx = Self {
            upstream,
            proxy,
            process: Some(process),
            _folder: folder,
        };
        ready.map(|()| nginx)
    }
}

/// Returns the default settings with two changes: both sides keep connections
/// open, and nothing is logged. `master_process off` would be simpler to end, but
/// uses only one core.
fn configuration(folder: &Path, upstream: SocketAddr, proxy: SocketAddr) -> String {
    let folder = folder.display();
    let body = r#"{"hello":"world","n":12345,"text":"some sixty-four bytes of body"}"#;
    format!(
        r#"daemon off;
worker_processes auto;
pid {folder}/pid;
error_log {folder}/errors;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    keepalive_requests 100000000;
    client_body_temp_path {folder}/client;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    upstream api {{ server {upstream}; keepalive 64; keepalive_requests 100000000; }}
    server {{
        listen {upstream};
        location / {{ default_type application/json; return 200 '{body}'; }}
    }}
    server {{
        listen {proxy};
        location / {{
            proxy_pass http://api;
            proxy_http_version 1.1;
            proxy_set_header Connection "";
        }}
    }}
}}
"#
    )
}
