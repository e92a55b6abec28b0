//! nginx, as an upstream that answers at once, and as a plain proxy before it.

use confidant_test_support::{Error, http, ports, process::Process};
use std::{
    fs,
    net::SocketAddr,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
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
    /// Asks it to end: its workers would outlive one that is killed.
    fn drop(&mut self) {
        if let Some(process) = self.process.take() {
            process.terminate(Duration::from_secs(5));
        }
    }
}

impl Nginx {
    pub(crate) async fn start(program: &Path) -> Result<Self, Error> {
        let folder = tempfile::tempdir()?;
        let free = ports::free_addresses(2)?;
        let [upstream, proxy] = free[..] else {
            return Err(Error::Because("no ports".into()));
        };
        let file = folder.path().join("nginx.conf");
        let text = configuration(folder.path(), upstream, proxy);
        fs::write(&file, text).map_err(|source| Error::File {
            path: file.clone(),
            source,
        })?;
        let mut command = Command::new(program);
        command.arg("-p").arg(folder.path()).arg("-c").arg(&file);
        // Nobody waits for what a daemon prints.
        command.stdout(Stdio::null());
        let process = Process::start(&mut command, &folder.path().join("log"))?;
        let mut nginx = Self {
            upstream,
            proxy,
            process: Some(process),
            _folder: folder,
        };
        nginx.until_it_answers().await?;
        Ok(nginx)
    }

    async fn until_it_answers(&mut self) -> Result<(), Error> {
        let proxy = self.proxy;
        let over = Instant::now() + Duration::from_secs(10);
        let ask =
            async || http::send(proxy, http::request(::http::Method::GET, "/", &[], "")?).await;
        while ask().await.is_err() {
            if let Some(process) = &mut self.process
                && (Instant::now() > over || process.exit_status().is_some())
            {
                return Err(Error::Because(format!("nginx: {}", process.log())));
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Ok(())
    }
}

/// Its usual settings, but: connections are kept on both sides, and nothing is
/// logged. `master_process off` would be simpler to end, and use one core.
fn configuration(folder: &Path, upstream: SocketAddr, proxy: SocketAddr) -> String {
    let at = folder.display();
    let answer = r#"{"hello":"world","n":12345,"text":"some sixty-four bytes of body"}"#;
    format!(
        r#"daemon off;
worker_processes auto;
pid {at}/pid;
error_log {at}/errors;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    keepalive_requests 100000000;
    client_body_temp_path {at}/client;
    proxy_temp_path {at}/proxy;
    fastcgi_temp_path {at}/fastcgi;
    uwsgi_temp_path {at}/uwsgi;
    scgi_temp_path {at}/scgi;
    upstream api {{ server {upstream}; keepalive 64; keepalive_requests 100000000; }}
    server {{
        listen {upstream};
        location / {{ default_type application/json; return 200 '{answer}'; }}
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
