//! A Postgres server that ends with the process that started it.
//!
//! A shell supervises the server and reads from a pipe that this process holds
//! open. However this process ends (panic, Ctrl-C, SIGKILL), the pipe is closed,
//! and the shell stops the server.

use super::{
    account::{self, Account},
    programs::Programs,
};
use crate::{Error, poll::poll_until, ports::free_address};
use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use std::{
    env, fs, io,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

/// How long the server may take to start. After a crash it replays its log first.
const START_LIMIT: Duration = Duration::from_secs(60);
/// How long the server may take to stop.
const STOP_LIMIT: Duration = Duration::from_secs(20);

/// The shell's program: start the server, wait for the end of the pipe, stop the
/// server.
const SUPERVISE: &str = r#""$@" & server=$!; cat > /dev/null; kill -INT $server; wait $server"#;

/// Which failures committed data survives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// A crash of the machine, as with the default settings of Postgres.
    Full,
    /// A crash of the server, but not of the machine: nothing is forced to disk.
    /// Faster, for tests.
    Relaxed,
}

/// A running server. Dropping it stops the server and deletes its data.
#[derive(Debug)]
pub struct Postgres {
    programs: Programs,
    account: Option<Account>,
    folder: PathBuf,
    port: u16,
    durability: Durability,
    supervisor: Option<Child>,
}

impl Postgres {
    /// Creates a cluster in a new folder under `parent` and starts a server on a
    /// free port. The folder lies in the system's temporary folder instead if the
    /// server must run as another account that may not enter `parent`.
    ///
    /// # Errors
    /// If the folder cannot be created or the server does not start.
    pub fn start(
        programs: &Programs,
        parent: &Path,
        durability: Durability,
    ) -> Result<Self, Error> {
        let account = Account::for_server()?;
        let port = free_address()?.port();
        let parent = match &account {
            Some(_) if !account::is_open_to_all(parent) => env::temp_dir(),
            _ => parent.to_owned(),
        };
        // The programs run inside the folder, where a relative path would lead
        // elsewhere.
        let parent = parent.canonicalize().map_err(Error::at(&parent))?;
        let folder = parent.join(format!("postgres-{}-{port}", std::process::id()));
        fs::create_dir_all(&folder).map_err(Error::at(&folder))?;
        let mut server = Self {
            programs: programs.clone(),
            account,
            folder,
            port,
            durability,
            supervisor: None,
        };
        if let Some(account) = &server.account {
            account.take_ownership(&server.folder)?;
        }
        server.create_cluster()?;
        server.launch()?;
        Ok(server)
    }

    /// Returns the URL of a database that exists from the start. Its user may
    /// create others.
    pub fn url(&self) -> String {
        format!("postgres://confidant@127.0.0.1:{}/postgres", self.port)
    }

    /// Ends the server as a crash does: at once and without cleaning up.
    ///
    /// # Errors
    /// If the server does not run, or does not end within 20 seconds.
    pub fn crash(&mut self) -> Result<(), Error> {
        let server = self
            .pid()
            .ok_or_else(|| Error::message("Postgres does not run"))?;
        kill_process(server, Signal::QUIT).map_err(io::Error::from)?;
        let ended = poll_until(STOP_LIMIT, || test_kill_process(server).is_err());
        if ended {
            // The file names a process id that the system may soon reuse.
            let _ = fs::remove_file(self.pid_file());
        }
        self.stop();
        if ended {
            return Ok(());
        }
        Err(Error::message("Postgres does not end"))
    }

    /// Starts the server again after a [`crash`](Self::crash), at the same
    /// address.
    ///
    /// # Errors
    /// If it does not start within 60 seconds.
    pub fn launch(&mut self) -> Result<(), Error> {
        let fsync = match self.durability {
            Durability::Full => "on",
            Durability::Relaxed => "off",
        };
        let mut shell = self.command(Path::new("sh"));
        shell
            .args(["-c", SUPERVISE, "sh"])
            .arg(self.programs.server())
            .arg("-D")
            .arg(self.data())
            .args(["-p", &self.port.to_string()])
            .args(["-c", "listen_addresses=127.0.0.1"])
            .args(["-c", "unix_socket_directories="])
            .args(["-c", "max_connections=200"])
            .args(["-c", &format!("fsync={fsync}")])
            .stdin(Stdio::piped())
            // The terminal sends Ctrl-C to this process only; the closed pipe
            // tells the shell.
            .process_group(0);
        // A crash leaves the file behind, and its last line says "ready".
        let file = self.pid_file();
        if file.exists() {
            fs::remove_file(&file).map_err(Error::at(&file))?;
        }
        self.supervisor = Some(shell.spawn()?);
        if poll_until(START_LIMIT, || self.is_ready()) {
            return Ok(());
        }
        let log = self.log();
        Err(Error::message(format!("Postgres does not start: {log}")))
    }

    fn create_cluster(&self) -> Result<(), Error> {
        let status = self
            .command(&self.programs.initdb)
            .arg("-D")
            .arg(self.data())
            .args(["-U", "confidant", "-A", "trust", "-E", "UTF8"])
            .args(["--locale=C", "--no-sync"])
            .status()?;
        if status.success() {
            return Ok(());
        }
        Err(Error::message(format!("initdb failed: {}", self.log())))
    }

    /// Returns a command that runs as the server's account and appends its output
    /// to the log.
    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.folder);
        let log = fs::File::options()
            .create(true)
            .append(true)
            .open(self.log_file());
        if let Ok(log) = log
            && let Ok(second) = log.try_clone()
        {
            command.stdout(log).stderr(second);
        }
        if let Some(account) = &self.account {
            account.apply_to(&mut command);
        }
        command
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn pid_file(&self) -> PathBuf {
        self.data().join("postmaster.pid")
    }

    fn log_file(&self) -> PathBuf {
        self.folder.join("log")
    }

    fn log(&self) -> String {
        fs::read_to_string(self.log_file()).unwrap_or_default()
    }

    /// The eighth line of the pid file is the server's status.
    fn is_ready(&self) -> bool {
        fs::read_to_string(self.pid_file()).is_ok_and(|file| {
            file.lines()
                .nth(7)
                .is_some_and(|status| status.trim() == "ready")
        })
    }

    fn pid(&self) -> Option<Pid> {
        let file = fs::read_to_string(self.pid_file()).ok()?;
        Pid::from_raw(file.lines().next()?.trim().parse().ok()?)
    }

    fn stop(&mut self) {
        let Some(mut supervisor) = self.supervisor.take() else {
            return;
        };
        drop(supervisor.stdin.take());
        let ended = poll_until(STOP_LIMIT, || matches!(supervisor.try_wait(), Ok(Some(_))));
        if !ended {
            let server = self.pid();
            let _ = supervisor.kill();
            let _ = supervisor.wait();
            if let Some(server) = server {
                let _ = kill_process(server, Signal::QUIT);
            }
        }
    }
}

impl Drop for Postgres {
    fn drop(&mut self) {
        self.stop();
        let _ = fs::remove_dir_all(&self.folder);
    }
}
