//! A Postgres of our own: on a free port, with a folder of its own, for as
//! long as we live.
//!
//! A shell stands between us and the server, and reads from a pipe that we
//! hold. However we end (a panic, Ctrl-C, `kill -9`), the pipe closes with us,
//! and the shell stops the server.

mod account;
mod programs;

pub use programs::Programs;

use crate::{Error, ports};
use account::Account;
use rustix::process::{Pid, Signal, kill_process, test_kill_process};
use std::{
    env, fs,
    os::unix::process::CommandExt,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread::sleep,
    time::{Duration, Instant},
};

/// How long it may take to come up. After a crash it reads its log first.
const START: Duration = Duration::from_secs(60);
/// How long it may take to stop.
const STOP: Duration = Duration::from_secs(20);
const INTERVAL: Duration = Duration::from_millis(20);

/// What the shell does: start the server, wait for the pipe's end, stop it.
const SUPERVISE: &str = r#""$@" & server=$!; cat > /dev/null; kill -INT $server; wait $server"#;

/// How much the server cares for its data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Durability {
    /// As it is installed: what is committed outlives a power cut.
    Full,
    /// Nothing is forced onto the disk: for tests. What is committed outlives
    /// the server all the same.
    None,
}

/// A running server. Stopped, and its folder deleted, when it is dropped.
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
    /// Makes a cluster in a new folder beneath `parent`, and starts a server
    /// on it.
    ///
    /// # Errors
    /// When a folder cannot be made, or the server does not come up.
    pub fn start(
        programs: &Programs,
        parent: &Path,
        durability: Durability,
    ) -> Result<Self, Error> {
        let account = Account::for_servers()?;
        let port = ports::free_address()?.port();
        let parent = match &account {
            // The server's account cannot get into a folder of root's.
            Some(_) if !account::is_open_to_all(parent) => env::temp_dir(),
            _ => parent.to_owned(),
        };
        // The programs run within the folder, where a relative path would lead
        // somewhere else.
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
            account.own(&server.folder)?;
        }
        server.make_cluster()?;
        server.launch()?;
        Ok(server)
    }

    /// The address of a database that is there from the start.
    pub fn url(&self) -> String {
        format!("postgres://confidant@127.0.0.1:{}/postgres", self.port)
    }

    /// Ends it as a crash would: nothing is finished, nothing tidied up.
    ///
    /// # Errors
    /// When it does not end.
    pub fn crash(&mut self) -> Result<(), Error> {
        let server = self.id().ok_or_else(|| Error::because("it does not run"))?;
        kill_process(server, Signal::QUIT).map_err(std::io::Error::from)?;
        let ended = within(STOP, || test_kill_process(server).is_err());
        if ended {
            // What is left behind names an id that may soon be somebody else's.
            let _ = fs::remove_file(self.data().join("postmaster.pid"));
        }
        self.stop();
        if ended {
            return Ok(());
        }
        Err(Error::because("Postgres does not end"))
    }

    /// Starts it again after a [`crash`](Self::crash), at the same address.
    ///
    /// # Errors
    /// When it does not come up.
    pub fn launch(&mut self) -> Result<(), Error> {
        let fsync = if self.durability == Durability::Full {
            "on"
        } else {
            "off"
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
            // Ctrl-C is for us. The pipe tells the shell when we are gone.
            .process_group(0);
        let file = self.data().join("postmaster.pid");
        // A crash leaves it behind; it must not read as ready.
        if file.exists() {
            fs::remove_file(&file).map_err(Error::at(&file))?;
        }
        let supervisor = shell.spawn()?;
        self.supervisor = Some(supervisor);
        if within(START, || self.is_ready()) {
            return Ok(());
        }
        Err(Error::because(format!(
            "Postgres does not come up: {}",
            self.log()
        )))
    }

    fn make_cluster(&self) -> Result<(), Error> {
        let status = self
            .command(self.programs.initdb())
            .arg("-D")
            .arg(self.data())
            .args(["-U", "confidant", "-A", "trust", "-E", "UTF8"])
            .args(["--locale=C", "--no-sync"])
            .status()?;
        if status.success() {
            return Ok(());
        }
        Err(Error::because(format!("initdb failed: {}", self.log())))
    }

    /// A program in the server's account, its output in the log.
    fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        command.current_dir(&self.folder);
        let log = fs::File::options()
            .create(true)
            .append(true)
            .open(self.log_file());
        if let Ok(log) = log
            && let Ok(twin) = log.try_clone()
        {
            command.stdout(log).stderr(twin);
        }
        if let Some(account) = &self.account {
            account.hand_over(&mut command);
        }
        command
    }

    fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    fn log_file(&self) -> PathBuf {
        self.folder.join("log")
    }

    fn log(&self) -> String {
        fs::read_to_string(self.log_file()).unwrap_or_default()
    }

    /// The last line of its own file says how it is.
    fn is_ready(&self) -> bool {
        fs::read_to_string(self.data().join("postmaster.pid")).is_ok_and(|file| {
            file.lines()
                .nth(7)
                .is_some_and(|line| line.trim() == "ready")
        })
    }

    fn id(&self) -> Option<Pid> {
        let file = fs::read_to_string(self.data().join("postmaster.pid")).ok()?;
        Pid::from_raw(file.lines().next()?.trim().parse().ok()?)
    }

    fn stop(&mut self) {
        if let Some(mut supervisor) = self.supervisor.take() {
            drop(supervisor.stdin.take());
            let ended = within(STOP, || matches!(supervisor.try_wait(), Ok(Some(_))));
            if !ended {
                let server = self.id();
                let _ = supervisor.kill();
                let _ = supervisor.wait();
                if let Some(server) = server {
                    let _ = kill_process(server, Signal::QUIT);
                }
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

fn within(limit: Duration, mut done: impl FnMut() -> bool) -> bool {
    let over = Instant::now() + limit;
    while !done() {
        if Instant::now() > over {
            return false;
        }
        sleep(INTERVAL);
    }
    true
}
