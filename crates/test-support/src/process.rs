//! A program that is ended with its handle, also when a test panics.

use crate::Error;
use rustix::process::{Pid, Signal, kill_process};
use std::{
    fs::File,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus},
    thread::sleep,
    time::{Duration, Instant},
};

/// How often we look whether a program has ended.
const INTERVAL: Duration = Duration::from_millis(10);

/// A running program. Its standard error goes to a file.
#[derive(Debug)]
pub struct Process {
    child: Child,
    log: PathBuf,
}

impl Process {
    /// Starts it. What it says is added to the file `log`.
    ///
    /// # Errors
    /// When it cannot be started.
    pub fn start(command: &mut Command, log: &Path) -> Result<Self, Error> {
        let file = File::options()
            .create(true)
            .append(true)
            .open(log)
            .map_err(Error::at(log))?;
        let program = PathBuf::from(command.get_program());
        let child = command.stderr(file).spawn().map_err(Error::at(program))?;
        Ok(Self {
            child,
            log: log.to_owned(),
        })
    }

    /// Its id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// What it has said so far.
    pub fn log(&self) -> String {
        std::fs::read_to_string(&self.log).unwrap_or_default()
    }

    /// Whether it has ended, and how.
    pub fn exit_status(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Ends it at once, as a crash would (`kill -9`).
    pub fn kill(mut self) {
        self.end();
    }

    /// Asks it to end, and gives its exit code. `None` where it takes longer
    /// than `limit`, or does not end by itself.
    pub fn terminate(mut self, limit: Duration) -> Option<i32> {
        self.signal(Signal::TERM);
        let over = Instant::now() + limit;
        while Instant::now() < over {
            if let Some(status) = self.exit_status() {
                return status.code();
            }
            sleep(INTERVAL);
        }
        None
    }

    /// Asks it to end, and gives all that it has said.
    pub fn terminate_and_read_log(self, limit: Duration) -> String {
        let log = self.log.clone();
        self.terminate(limit);
        std::fs::read_to_string(log).unwrap_or_default()
    }

    /// Stops it where it is: it keeps its memory and its connections, and
    /// knows nothing of the time that passes.
    pub fn pause(&self) {
        self.signal(Signal::STOP);
    }

    /// Lets it go on.
    pub fn resume(&self) {
        self.signal(Signal::CONT);
    }

    /// Memory that it holds, in bytes: at this moment, and at most so far.
    pub fn memory(&self) -> Option<(u64, u64)> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.id())).ok()?;
        let figure = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            let kilobytes: u64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
            Some(kilobytes * 1024)
        };
        Some((figure("VmRSS:")?, figure("VmHWM:")?))
    }

    fn signal(&self, signal: Signal) {
        // As long as it is not waited for, its id is nobody else's.
        if let Some(pid) = i32::try_from(self.id()).ok().and_then(Pid::from_raw) {
            let _ = kill_process(pid, signal);
        }
    }

    fn end(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.end();
    }
}

/// Lets this process, and those that it starts, have as many connections open
/// as the system allows at all.
pub fn raise_file_limit() {
    use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
    let limits = getrlimit(Resource::Nofile);
    let most = Rlimit {
        current: limits.maximum,
        ..limits
    };
    // Where it is refused, fewer have to do.
    let _ = setrlimit(Resource::Nofile, most);
}
