//! A child process that is killed when its handle is dropped, so that a test
//! that panics leaves none behind.

use crate::{Error, poll::poll_until};
use rustix::process::{Pid, Resource, Rlimit, Signal, getrlimit, kill_process, setrlimit};
use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    process::{Child, Command, ExitStatus},
    time::Duration,
};

/// A running program.
#[derive(Debug)]
pub struct Process {
    child: Child,
    log: Option<PathBuf>,
}

impl Process {
    /// Starts a program with the standard streams that `command` sets.
    ///
    /// # Errors
    /// If the program cannot be started.
    pub fn spawn(command: &mut Command) -> io::Result<Self> {
        Ok(Self {
            child: command.spawn()?,
            log: None,
        })
    }

    /// Starts a program and appends its standard error to the file `log`.
    ///
    /// # Errors
    /// If the file cannot be opened or the program cannot be started.
    pub fn spawn_with_log(command: &mut Command, log: &Path) -> Result<Self, Error> {
        let file = File::options()
            .create(true)
            .append(true)
            .open(log)
            .map_err(Error::at(log))?;
        let program = PathBuf::from(command.get_program());
        let mut process = Self::spawn(command.stderr(file)).map_err(Error::at(program))?;
        process.log = Some(log.to_owned());
        Ok(process)
    }

    /// Returns the process id.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// Returns everything logged so far.
    pub fn log(&self) -> String {
        read_log(self.log.as_deref())
    }

    /// Returns the exit status if the process has ended.
    pub fn exit_status(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().ok().flatten()
    }

    /// Waits for the process to end.
    ///
    /// # Errors
    /// If the system cannot tell its exit status.
    pub fn wait(&mut self) -> io::Result<ExitStatus> {
        self.child.wait()
    }

    /// Waits for the process to end. Returns `None` if it runs longer than
    /// `limit`.
    pub fn wait_at_most(&mut self, limit: Duration) -> Option<ExitStatus> {
        let mut status = None;
        poll_until(limit, || {
            status = self.exit_status();
            status.is_some()
        });
        status
    }

    /// Kills the process with SIGKILL, as a crash would end it.
    pub fn kill(mut self) {
        self.end();
    }

    /// Sends SIGTERM and returns the exit code. Kills the process and returns
    /// `None` if it runs longer than `limit`; returns `None` as well if a signal
    /// ended it.
    pub fn terminate(mut self, limit: Duration) -> Option<i32> {
        self.signal(Signal::TERM);
        self.wait_at_most(limit)?.code()
    }

    /// Sends SIGTERM, waits at most `limit`, and returns the complete log.
    pub fn terminate_and_read_log(mut self, limit: Duration) -> String {
        let log = self.log.take();
        self.terminate(limit);
        read_log(log.as_deref())
    }

    /// Stops the process with SIGSTOP. It keeps its memory and connections, but
    /// does not notice that time passes.
    pub fn pause(&self) {
        self.signal(Signal::STOP);
    }

    /// Continues a paused process.
    pub fn resume(&self) {
        self.signal(Signal::CONT);
    }

    /// Returns the resident memory in bytes: now, and at its peak.
    pub fn memory(&self) -> Option<(u64, u64)> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.id())).ok()?;
        let figure = |name: &str| {
            let line = status.lines().find_map(|line| line.strip_prefix(name))?;
            let kilobytes: u64 = line.trim().strip_suffix(" kB")?.trim().parse().ok()?;
            Some(kilobytes * 1024)
        };
        Some((figure("VmRSS:")?, figure("VmHWM:")?))
    }

    fn signal(&self, signal: Signal) {
        // The system does not reuse the id before the process has been waited for.
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

fn read_log(log: Option<&Path>) -> String {
    log.and_then(|log| fs::read_to_string(log).ok())
        .unwrap_or_default()
}

/// Raises the limit of open files, for this process and its children, to the
/// most that the system allows. Keeps the old limit if the system refuses.
pub fn raise_file_limit() {
    let limits = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limits.maximum,
        ..limits
    };
    let _ = setrlimit(Resource::Nofile, raised);
}
