//! What is measured of every run, as questions and their answers in words.

use super::{
    result::{After, RequestCount, Run},
    step::Step,
};
use crate::{clients::linked::client, components::tone::Tone};
use confidant_wire::{Party, TokenStatus};

/// A question about every run.
pub(super) struct Row {
    pub(super) name: &'static str,
    /// The section of the RFC that is about it.
    pub(super) section: Option<&'static str>,
    pub(super) answer: fn(&Run) -> (Tone, String),
}

/// Where the RFC can be read.
pub(super) const RFC: &str = "https://www.rfc-editor.org/rfc/rfc10017.html";

/// The questions, in order.
pub(super) const ROWS: [Row; 12] = [
    Row {
        name: "The client secret is presented by",
        section: Some("6.3.3.1"),
        answer: secret,
    },
    Row {
        name: "A script in the page could read the access token in",
        section: Some("5.1.1"),
        answer: |run| places(run, run.readable().0),
    },
    Row {
        name: "A script in the page could read the refresh token in",
        section: Some("5.1.2"),
        answer: |run| places(run, run.readable().1),
    },
    Row {
        name: "Such a copy of the access token, used by itself, gets",
        section: Some("5.2.2"),
        answer: stolen,
    },
    Row {
        name: "Requests, and bytes of their answers",
        section: None,
        answer: |run| (Tone::Plain, request_counts(&run.request_counts())),
    },
    Row {
        name: "Refreshes in all",
        section: Some("6.1.2.2"),
        answer: |run| match run.was_signed_in() {
            true => (Tone::Plain, run.refreshes().to_string()),
            false => unknown(),
        },
    },
    Row {
        name: "Token requests for one expired token on two pages at once",
        section: Some("6.3.2.3"),
        answer: |run| match run.two_at_once {
            Some(1) => (Tone::Plain, "1".to_owned()),
            Some(n) => (Tone::Lost, n.to_string()),
            None => unknown(),
        },
    },
    Row {
        name: "From pressing the button to the first answer",
        section: None,
        answer: |run| match run.first_answer {
            Some(ms) => (Tone::Plain, format!("{ms} ms")),
            None => unknown(),
        },
    },
    Row {
        name: "Signed in after a reload",
        section: None,
        answer: |run| yes_or_no(run.after_reload),
    },
    Row {
        name: "Signed in after it was closed and opened again",
        section: None,
        answer: |run| yes_or_no(run.after_close),
    },
    Row {
        name: "After the sign-out the provider takes the access token",
        section: None,
        answer: |run| token_status(run, |after| Some(&after.access)),
    },
    Row {
        name: "After the sign-out the provider takes the refresh token",
        section: None,
        answer: |run| token_status(run, |after| after.refresh.as_ref()),
    },
];

fn unknown() -> (Tone, String) {
    (Tone::Plain, "not measured".to_owned())
}

fn yes_or_no(answer: Option<bool>) -> (Tone, String) {
    match answer {
        Some(true) => (Tone::Plain, "yes".to_owned()),
        Some(false) => (Tone::Plain, "no".to_owned()),
        None => unknown(),
    }
}

fn secret(run: &Run) -> (Tone, String) {
    match run.secret_holder() {
        Some(Party::Server) => (Tone::Kept, "the server".to_owned()),
        Some(_) => (Tone::Lost, "the browser".to_owned()),
        None if !run.was_signed_in() => unknown(),
        None => (Tone::Plain, "nobody: there is none".to_owned()),
    }
}

/// Returns what an attacker can do with a stolen copy of the token.
fn stolen(run: &Run) -> (Tone, String) {
    match run.stolen {
        Some(200) => (Tone::Lost, "the user’s profile".to_owned()),
        Some(401) => (Tone::Kept, "a refusal (401)".to_owned()),
        // Neither shows what the token is good for.
        Some(0) => (Tone::Plain, "no answer".to_owned()),
        Some(status) => (Tone::Plain, format!("an error ({status})")),
        None if run.has_run(Step::Call) => (Tone::Kept, "there was none to use".to_owned()),
        None => unknown(),
    }
}

/// Returns where a token was found. If there was none to search for, finding none
/// says nothing.
fn places(run: &Run, places: Vec<&str>) -> (Tone, String) {
    match places.is_empty() {
        true if !run.was_signed_in() => unknown(),
        true => (Tone::Kept, "no place that was searched".to_owned()),
        false => (Tone::Held, places.join(", ")),
    }
}

fn token_status(run: &Run, which: fn(&After) -> Option<&TokenStatus>) -> (Tone, String) {
    match run.after_sign_out.as_ref().map(which) {
        None => unknown(),
        Some(None) => (Tone::Plain, "there was none".to_owned()),
        Some(Some(status)) if status.active => (Tone::Lost, "still".to_owned()),
        Some(Some(status)) => {
            let why = match status.reason.as_str() {
                "by_client" => "the client revoked it",
                reason => reason,
            };
            (Tone::Kept, format!("no longer: {why}"))
        }
    }
}

/// Returns a text such as `browser → server: 5, 1200 bytes; …`.
fn request_counts(counts: &[RequestCount]) -> String {
    let party = |party| match party {
        Party::Browser => "browser",
        Party::Server => "server",
        Party::Provider => "provider",
        Party::Api => "API",
    };
    let one = |count: &RequestCount| {
        let (from, to) = (party(count.from), party(count.to));
        format!("{from} → {to}: {}, {} bytes", count.requests, count.bytes)
    };
    counts.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// Returns the name of a run's kind.
pub(super) fn name(run: &Run) -> String {
    match client(run.kind) {
        Some(client) => client.descriptor().name.to_owned(),
        None => run.kind.to_string(),
    }
}

#[cfg(test)]
#[cfg(feature = "ssr")]
mod tests {
    use super::*;
    use crate::compare::result::tests::run;

    #[test]
    fn two_refreshes_for_one_token_are_one_too_many() {
        let mut run = run();
        run.two_at_once = Some(2);
        let row = ROWS.iter().find(|row| row.name.contains("two pages"));
        assert_eq!((row.unwrap().answer)(&run).0, Tone::Lost);
    }

    #[test]
    fn a_run_that_came_to_nothing_claims_nothing() {
        let run = Run::begin(confidant_wire::ClientKind::BFF);
        for row in ROWS.iter().filter(|row| !row.name.starts_with("Requests")) {
            assert_eq!((row.answer)(&run), unknown(), "{}", row.name);
        }
    }

    #[test]
    fn only_a_refusal_is_reported_as_one() {
        let mut run = run();
        for (status, tone) in [
            (200, Tone::Lost),
            (401, Tone::Kept),
            (503, Tone::Plain),
            (0, Tone::Plain),
        ] {
            run.stolen = Some(status);
            assert_eq!(stolen(&run).0, tone, "{status}");
        }
    }
}
