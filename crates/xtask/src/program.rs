//! Programs that we run.

use std::{
    env,
    ffi::OsStr,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
    time::Duration,
};

use crate::{deadline, failure::Failure};

/// A command line about to be run.
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

    /// The cargo that runs us, or the one in PATH. What `cargo run` told *us*
    /// about our own package is withheld: some build scripts watch those
    /// variables and would run again for nothing.
    pub(crate) fn cargo() -> Self {
        let cargo = env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
        Self::new(cargo).without(|name| {
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

    /// Adds one argument.
    pub(crate) fn arg(self, argument: impl AsRef<OsStr>) -> Self {
        self.args([argument])
    }

    /// Sets an environment variable.
    pub(crate) fn env(mut self, name: &str, value: impl AsRef<OsStr>) -> Self {
        self.command.env(name, value);
        self
    }

    /// Withholds environment variables by name.
    pub(crate) fn without(mut self, withheld: impl Fn(&str) -> bool) -> Self {
        for (name, _) in env::vars_os() {
            if name.to_str().is_some_and(&withheld) {
                self.command.env_remove(name);
            }
        }
        self
    }

    /// Sets the working folder.
    pub(crate) fn within(mut self, folder: &Path) -> Self {
        self.command.current_dir(folder);
        self
    }

    /// Hands over to the standard library.
    pub(crate) fn into_command(self) -> Command {
        self.command
    }

    /// Runs it, its output on our terminal.
    ///
    /// # Errors
    /// When it cannot start or ends with anything but success.
    pub(crate) fn run(mut self) -> Result<(), Failure> {
        let status = self.command.status().map_err(|e| self.not_started(e))?;
        self.judged(status)
    }

    /// Runs it and returns what it wrote to standard output.
    ///
    /// # Errors
    /// When it cannot start or ends with anything but success.
    pub(crate) fn read(mut self) -> Result<String, Failure> {
        self.command.stderr(Stdio::null());
        let output = self.command.output().map_err(|e| self.not_started(e))?;
        self.judged(output.status)?;
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    }

    /// Runs it and hands each line of its standard output to `line` as it comes.
    ///
    /// # Errors
    /// When it cannot start or ends with anything but success.
    pub(crate) fn each_line(mut self, mut line: impl FnMut(&str)) -> Result<(), Failure> {
        self.command.stdout(Stdio::piped());
        let mut child = self.command.spawn().map_err(|e| self.not_started(e))?;
        if let Some(stdout) = child.stdout.take() {
            for bytes in BufReader::new(stdout).split(b'\n') {
                let bytes = bytes.map_err(|e| self.not_started(e))?;
                line(&String::from_utf8_lossy(&bytes));
            }
        }
        let status = child.wait().map_err(|e| self.not_started(e))?;
        self.judged(status)
    }

    /// Runs it in silence and ends it when it takes longer than `limit`.
    ///
    /// # Errors
    /// When it cannot start, takes too long, or ends with anything but success.
    pub(crate) fn run_quietly_within(mut self, limit: Duration) -> Result<(), Failure> {
        self.command.stdout(Stdio::null()).stderr(Stdio::null());
        let mut child = self.command.spawn().map_err(|e| self.not_started(e))?;
        let mut ended = None;
        deadline::wait(limit, || {
            ended = child.try_wait().ok().flatten();
            ended.is_some()
        });
        match ended {
            Some(status) => self.judged(status),
            None => {
                // It may have ended in this very moment: then there is nobody to end.
                let _ = child.kill();
                let _ = child.wait();
                Err(Failure::Timeout {
                    command: self.line(),
                    seconds: limit.as_secs(),
                })
            }
        }
    }

    fn judged(&self, status: std::process::ExitStatus) -> Result<(), Failure> {
        if status.success() {
            return Ok(());
        }
        Err(Failure::Exit {
            command: self.line(),
            status,
        })
    }

    fn not_started(&self, source: std::io::Error) -> Failure {
        Failure::Start {
            program: short(self.command.get_program()),
            source,
        }
    }

    fn line(&self) -> String {
        std::iter::once(short(self.command.get_program()))
            .chain(
                self.command
                    .get_args()
                    .map(|argument| argument.to_string_lossy().into_owned()),
            )
            .collect::<Vec<_>>()
            .join(" ")
    }
}

/// The program's name without its folders.
fn short(program: &OsStr) -> String {
    Path::new(program)
        .file_name()
        .unwrap_or(program)
        .to_string_lossy()
        .into_owned()
}

/// The first of `names` that PATH has, as a full path.
pub(crate) fn in_path(names: &[&str]) -> Option<std::path::PathBuf> {
    let path = env::var_os("PATH")?;
    names.iter().find_map(|name| {
        env::split_paths(&path)
            .map(|folder| folder.join(name))
            .find(|file| file.is_file())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_that_fails_is_a_failure_that_names_it() {
        let failure = Program::new("sh").args(["-c", "exit 3"]).run();
        let sentence = failure.unwrap_err().to_string();
        assert!(sentence.contains("sh -c exit 3"), "{sentence}");
    }

    #[test]
    fn a_program_that_is_not_there_is_named() {
        let failure = Program::new("no-such-program-anywhere").run();
        assert!(matches!(
            failure,
            Err(Failure::Start { program, .. }) if program == "no-such-program-anywhere"
        ));
    }

    #[test]
    fn a_program_that_hangs_is_ended() {
        let begun = std::time::Instant::now();
        let outcome = Program::new("sleep")
            .arg("60")
            .run_quietly_within(Duration::from_millis(200));
        assert!(matches!(outcome, Err(Failure::Timeout { .. })));
        assert!(begun.elapsed() < Duration::from_secs(20));
    }

    #[test]
    fn each_line_arrives_in_order() {
        let mut lines = Vec::new();
        Program::new("printf")
            .arg("one\\ntwo\\n")
            .each_line(|line| lines.push(line.to_owned()))
            .unwrap();
        assert_eq!(lines, ["one", "two"]);
    }
}
