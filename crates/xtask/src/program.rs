//! Programs that these commands run.

use std::{
    env,
    ffi::OsStr,
    io::{self, BufRead, BufReader},
    path::{Path, PathBuf},
    process::{Command, ExitStatus, Stdio},
    time::Duration,
};

use confidant_test_support::process::Process;

use crate::error::Error;

/// A command line, and the errors that name it.
pub(crate) struct Program {
    command: Command,
}

impl Program {
    /// Names the program.
    pub(crate) fn new(program: impl AsRef<OsStr>) -> Self {
        Self {
            command: Command::new(program),
        }
    }

    /// Returns the cargo that runs these commands, or the one in PATH. Removes the
    /// variables with which `cargo run` describes this package: some build scripts
    /// watch them and would run again.
    pub(crate) fn cargo() -> Self {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        Self::new(cargo).env_remove_if(|name| {
            name.starts_with("CARGO_PKG_")
                || name.starts_with("CARGO_MANIFEST_")
                || name == "CARGO_PRIMARY_PACKAGE"
        })
    }

    /// Adds arguments.
    pub(crate) fn args<A: AsRef<OsStr>>(mut self, arguments: impl IntoIterator<Item = A>) -> Self {
        self.command.args(arguments);
        self
    }

    /// Adds an argument.
    pub(crate) fn arg(self, argument: impl AsRef<OsStr>) -> Self {
        self.args([argument])
    }

    /// Sets an environment variable.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Removes the environment variables whose name `matches`.
    pub(crate) fn env_remove_if(mut self, matches: impl Fn(&str) -> bool) -> Self {
        for (name, _) in env::vars_os() {
            if name.to_str().is_some_and(&matches) {
                self.command.env_remove(name);
            }
        }
        self
    }

    /// Sets the working folder.
    pub(crate) fn current_dir(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// Returns the command of the standard library.
    pub(crate) fn into_command(self) -> Command {
        self.command
    }

    /// Runs the program with the terminal as its output.
    ///
    /// # Errors
    /// If it cannot be started or does not succeed.
    pub(crate) fn run(mut self) -> Result<(), Error> {
        let status = self.command.status().map_err(|e| self.not_started(e))?;
        self.check(status)
    }

    /// Runs the program and returns its standard output. Discards its standard
    /// error.
    ///
    /// # Errors
    /// If it cannot be started or does not succeed.
    pub(crate) fn read_stdout(mut self) -> Result<String, Error> {
        self.command.stderr(Stdio::null());
        let output = self.command.output().map_err(|e| self.not_started(e))?;
        self.check(output.status)?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Runs the program and calls `handle` with each line of its standard output as
    /// soon as the line is complete.
    ///
    /// # Errors
    /// If it cannot be started or does not succeed.
    pub(crate) fn for_each_line(mut self, mut handle: impl FnMut(&str)) -> Result<(), Error> {
        self.command.stdout(Stdio::piped());
        let mut child = self.command.spawn().map_err(|e| self.not_started(e))?;
        if let Some(stdout) = child.stdout.take() {
            for bytes in BufReader::new(stdout).split(b'\n') {
                let bytes = bytes.map_err(|e| self.not_started(e))?;
                handle(&String::from_utf8_lossy(&bytes));
            }
        }
        let status = child.wait().map_err(|e| self.not_started(e))?;
        self.check(status)
    }

    /// Runs the program without output, and kills it if it takes longer than
    /// `limit`.
    ///
    /// # Errors
    /// If it cannot be started, takes too long, or does not succeed.
    pub(crate) fn run_quietly_with_timeout(mut self, limit: Duration) -> Result<(), Error> {
        self.command.stdout(Stdio::null()).stderr(Stdio::null());
        let spawned = Process::spawn(&mut self.command);
        let mut process = spawned.map_err(|e| self.not_started(e))?;
        match process.wait_at_most(limit) {
            Some(status) => self.check(status),
            None => Err(Error::Timeout {
                command: self.command_line(),
                seconds: limit.as_secs(),
            }),
        }
    }

    fn check(&self, status: ExitStatus) -> Result<(), Error> {
        if status.success() {
            return Ok(());
        }
        Err(Error::Exit {
            command: self.command_line(),
            status,
        })
    }

    fn not_started(&self, source: io::Error) -> Error {
        Error::Start {
            program: short_name(self.command.get_program()),
            source,
        }
    }

    fn command_line(&self) -> String {
        std::iter::once(short_name(self.command.get_program()))
            .chain(
                self.command
                    .get_args()
                    .map(|argument| argument.to_string_lossy().into_owned()),
            )
            .collect::<Vec<_>>()
            .join(" ")
    }
}

/// Returns the program's name without its folder.
fn short_name(program: &OsStr) -> String {
    Path::new(program)
        .file_name()
        .unwrap_or(program)
        .to_string_lossy()
        .into_owned()
}

/// Returns the path of the first of these programs that is installed. A name with
/// a folder is looked for there, and any other name in PATH.
pub(crate) fn find_program(names: &[&str]) -> Option<PathBuf> {
    names.iter().find_map(|name| which::which(name).ok())
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;

    #[test]
    fn the_error_of_a_failed_program_contains_its_command_line() {
        let outcome = Program::new("sh").args(["-c", "exit 3"]).run();
        let sentence = outcome.unwrap_err().to_string();
        assert!(sentence.contains("sh -c exit 3"), "{sentence}");
    }

    #[test]
    fn the_error_of_a_missing_program_contains_its_name() {
        let outcome = Program::new("no-such-program-anywhere").run();
        assert!(matches!(
            outcome,
            Err(Error::Start { program, .. }) if program == "no-such-program-anywhere"
        ));
        assert_eq!(find_program(&["no-such-program-anywhere"]), None);
    }

    #[test]
    fn a_program_that_hangs_is_killed() {
        let begun = Instant::now();
        let outcome = Program::new("sleep")
            .arg("60")
            .run_quietly_with_timeout(Duration::from_millis(200));
        assert!(matches!(outcome, Err(Error::Timeout { .. })));
        assert!(begun.elapsed() < Duration::from_secs(20));
    }

    #[test]
    fn each_line_arrives_in_order() {
        let mut lines = Vec::new();
        Program::new("printf")
            .arg("one\\ntwo\\n")
            .for_each_line(|line| lines.push(line.to_owned()))
            .unwrap();
        assert_eq!(lines, ["one", "two"]);
    }
}
