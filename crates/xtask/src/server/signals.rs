//! Ctrl-C and its like go to the server, which then shuts down in its own time;
//! we end after it, with its exit code.

use std::{
    os::unix::process::{CommandExt, ExitStatusExt},
    process::{Child, Command, ExitCode, ExitStatus},
    thread,
};

use rustix::process::{Pid, Signal, kill_process};
use signal_hook::{
    consts::{SIGHUP, SIGINT, SIGTERM},
    iterator::Signals,
};

use crate::failure::Failure;

/// Keeps the terminal from sending its Ctrl-C to the child as well: one press is
/// one signal, and only we pass it on.
pub(crate) fn set_apart(command: &mut Command) {
    command.process_group(0);
}

/// Passes signals that would end us on to `child`, for as long as we live.
///
/// # Errors
/// When the handlers cannot be set.
pub(crate) fn forward_to(child: &Child) -> Result<(), Failure> {
    let pid = i32::try_from(child.id())
        .ok()
        .and_then(Pid::from_raw)
        .ok_or_else(|| Failure::Because("the server has no process id".into()))?;
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP])
        .map_err(|error| Failure::Because(format!("cannot listen for Ctrl-C: {error}")))?;
    thread::spawn(move || {
        for signal in signals.forever() {
            let signal = match signal {
                SIGINT => Signal::INT,
                SIGHUP => Signal::HUP,
                _ => Signal::TERM,
            };
            // It may have ended meanwhile; then we are about to end, too.
            let _ = kill_process(pid, signal);
        }
    });
    Ok(())
}

/// The child's exit code, or what a shell makes of the signal that ended it.
pub(crate) fn exit_code(status: ExitStatus) -> ExitCode {
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
    fn a_signalled_child_ends_us_as_a_shell_would() {
        let ended = |script: &str| Command::new("sh").args(["-c", script]).status().unwrap();
        assert_eq!(exit_code(ended("exit 0")), ExitCode::SUCCESS);
        assert_eq!(exit_code(ended("exit 7")), ExitCode::from(7));
        assert_eq!(exit_code(ended("kill -TERM $$")), ExitCode::from(143));
    }
}
