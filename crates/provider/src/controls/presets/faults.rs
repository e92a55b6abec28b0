//! The fault presets.

use super::preset::{FaultRules, Preset};
use crate::faults::rule::{Fault, FaultRule, FaultTiming};

pub(super) fn faults() -> Vec<Preset<FaultRules>> {
    let fault = |id, name, description, rule| Preset {
        id,
        name,
        description,
        body: FaultRules { rules: [rule] },
    };
    let once = FaultRule::next_refresh;
    let at = FaultTiming::BeforeCommit;
    let status = |status, retry_after_s| Fault::Status {
        status,
        retry_after_s,
        at,
    };
    vec![
        fault(
            "lost_answer",
            "Lost answer",
            "The next refresh is processed, but its answer never arrives.",
            once(Fault::Close {
                at: FaultTiming::AfterCommit,
            }),
        ),
        fault(
            "closed_connection",
            "Closed connection",
            "The next refresh is not processed: the connection is closed.",
            once(Fault::Close { at }),
        ),
        fault(
            "truncated_answer",
            "Half an answer",
            "The next refresh is processed, but only half of its answer arrives.",
            once(Fault::Truncated {}),
        ),
        fault(
            "503_once",
            "503 once",
            "The next refresh gets 503 and is not processed.",
            once(status(503, None)),
        ),
        fault(
            "lost_502",
            "502 instead of the answer",
            "The next refresh is processed, but a gateway loses the answer.",
            once(Fault::Status {
                status: 502,
                retry_after_s: None,
                at: FaultTiming::AfterCommit,
            }),
        ),
        fault(
            "429_once",
            "429 once, 2 s",
            "The next refresh gets 429 and may be repeated after two seconds.",
            once(status(429, Some(2))),
        ),
        fault(
            "html_once",
            "HTML once",
            "The next refresh gets a page with status 200 and is not processed.",
            once(Fault::Html { status: 200, at }),
        ),
        fault(
            "slow_3_s",
            "Slow, 3 s",
            "Every refresh takes three seconds until the faults are cleared.",
            FaultRule {
                times: None,
                ..once(Fault::Delay { ms: 3_000, at })
            },
        ),
        fault(
            "hang_30_s",
            "Hang, 30 s",
            "The next refresh waits for thirty seconds before it is processed.",
            once(Fault::Delay { ms: 30_000, at }),
        ),
        fault(
            "slow_drip",
            "Slow drip, 10 s",
            "The next refresh is processed, but its answer takes ten seconds to arrive.",
            once(Fault::SlowDrip { over_ms: 10_000 }),
        ),
        fault(
            "without_cors",
            "CORS missing",
            "No page can read an answer until the faults are cleared.",
            FaultRule::new(Fault::WithoutCors {}),
        ),
    ]
}
