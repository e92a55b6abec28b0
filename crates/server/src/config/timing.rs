//! Lifetimes of sessions and times of refreshes.

use super::{
    diagnostics::Diagnostics,
    duration,
    schema::{Refresh, Session},
};
use confidant_bff::settings::{SessionSettings, Timing};
use std::time::Duration;

/// The longest deadline of a token request: a user waits for the page
/// meanwhile.
const MAX_DEADLINE: Duration = Duration::from_secs(60);

/// Returns the lifetimes of a session.
pub(super) fn session(
    session: &Session,
    diagnostics: &mut Diagnostics<'_>,
) -> Option<SessionSettings> {
    let default = SessionSettings::default();
    let idle = diagnostics.parse_or(&session.idle, default.idle, duration::parse);
    let absolute = diagnostics.parse_or(&session.absolute, default.absolute, duration::parse);
    let settings = SessionSettings {
        idle: idle?,
        absolute: absolute?,
    };
    if settings.idle <= settings.absolute {
        return Some(settings);
    }
    let message = format!(
        "a session cannot be idle for {} if it lives for {}: expected idle to be at most absolute",
        duration::format(settings.idle),
        duration::format(settings.absolute)
    );
    if let Some(value) = session.idle.as_ref().or(session.absolute.as_ref()) {
        diagnostics.report(value, message);
    }
    None
}

/// Returns the times of refreshes.
pub(super) fn refresh(refresh: &Refresh, diagnostics: &mut Diagnostics<'_>) -> Option<Timing> {
    let timing = diagnostics.parse_or(&refresh.deadline, Timing::default(), deadline);
    let ahead = diagnostics.parse_optional(&refresh.ahead, duration::parse);
    let timing = timing?;
    Some(Timing {
        ahead: ahead.unwrap_or(timing.ahead),
        ..timing
    })
}

fn deadline(text: &str) -> Result<Timing, String> {
    let deadline = duration::parse(text)?;
    if deadline > MAX_DEADLINE {
        let longest = duration::format(MAX_DEADLINE);
        return Err(format!("{text:?} is too long: expected {longest} at most"));
    }
    Ok(Timing::with_deadline(deadline))
}
