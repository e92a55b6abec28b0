//! Signals that end these commands, passed on to the server. The server shuts down
//! in its own time, and the command ends after it with its exit code.

use std::{
    os::unix::process::{CommandExt, ExitStatusExt},
    process::{Command, ExitCode, ExitStatus},
    thread,
};

use confidant_test_support::process::Process;
use rustix::process::{Pid, Signal, kill_process};
use signal_hook::{
    consts::{SIGHUP, SIGINT, SIGTERM},
    iterator::Signals,
};

use crate::error::Error;

/// Puts the child into a process group of its own, so that the terminal sends
/// Ctrl-C to this process only, and the child gets the signal once.
pub(super) fn detach_from_terminal(command: &mut Command) {
    command.process_group(0);
}

/// Passes SIGINT, SIGTERM and SIGHUP on to `child` from now on.
///
/// # Errors
/// If the signal handlers cannot be set.
pub(super) fn forward_to(child: &Process) -> Result<(), Error> {
    let pid = i32::try_from(child.id())
        .ok()
        .and_then(Pid::from_raw)
        .ok_or_else(|| Error::Message("the server has no process id".into()))?;
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP])
        .map_err(|error| Error::Message(format!("cannot listen for Ctrl-C: {error}")))?;
    thread::spawn(move || {
        for signal in signals.forever() {
            let signal = match signal {
                SIGINT => Signal::INT,
                SIGHUP => Signal::HUP,
                _ => Signal::TERM,
            };
            // Fails if the child has just ended; then this process ends as well.
            let _ = kill_process(pid, signal);
        }
    });
    Ok(())
}

/// Returns the child's exit code, or 128 plus the number of the signal that ended
/// it, as shells do.
pub(super) fn exit_code(status: ExitStatus) -> ExitCode {
    let code = status
        .code()
        .or_else(|| status.signal().map(|signal| 128 + signal))
        .unwrap_or(1);
    ExitCode::from(u8::try_from(code).unwrap_or(1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_exit_code_of_a_child_is_the_one_a_shell_would_report() {
        let status = |script: &str| Command::new("sh").args(["-c", script]).status().unwrap();
        assert_eq!(exit_code(status("exit 0")), ExitCode::SUCCESS);
        assert_eq!(exit_code(status("exit 7")), ExitCode::from(7));
        assert_eq!(exit_code(status("kill -TERM $$")), ExitCode::from(143));
    }
}
