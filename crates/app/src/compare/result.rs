//! What was measured, as it is stored and opened again.

use super::step::Step;
use confidant_wire::{ClientKind, Exchange, Party, TokenStatus, UnixMillis, Value};
use serde::{Deserialize, Serialize};

/// The format version. Results in another version are ignored.
const VERSION: u32 = 1;

/// The runs of several kinds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Comparison {
    /// The format version.
    pub(crate) version: u32,
    /// When it was started, by this browser's clock.
    pub(crate) made_at: UnixMillis,
    /// One for each kind.
    pub(crate) runs: Vec<Run>,
}

/// The scenario in one kind of client.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Run {
    /// The kind.
    pub(crate) kind: ClientKind,
    /// The steps that ran.
    pub(crate) steps: Vec<StepResult>,
    /// Every HTTP exchange of the client's, the oldest first.
    pub(crate) exchanges: Vec<Exchange>,
    /// The status of the provider's userinfo endpoint for a copy of the access
    /// token that was found in the page, sent as a bearer token: 0 for no answer,
    /// none if no token was found.
    #[serde(default)]
    pub(crate) stolen: Option<u16>,
    /// How long it took from pressing the button to the first answer of an
    /// API on the page, in milliseconds.
    #[serde(default)]
    pub(crate) first_answer: Option<u64>,
    /// Token requests for one expired token on two pages at once.
    #[serde(default)]
    pub(crate) two_at_once: Option<u64>,
    /// Whether the session was there after a reload.
    #[serde(default)]
    pub(crate) after_reload: Option<bool>,
    /// Whether it was there after the page was closed and opened again.
    #[serde(default)]
    pub(crate) after_close: Option<bool>,
    /// What the provider accepts the last tokens for after the sign-out.
    #[serde(default)]
    pub(crate) after_sign_out: Option<After>,
}

/// A step and its result.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct StepResult {
    /// The step.
    pub(crate) step: Step,
    /// How long it took, in milliseconds, the user's part included.
    pub(crate) took: u64,
    /// What went wrong; the run ends there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) failed: Option<String>,
    /// The token as the page showed it afterwards.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) token: Option<Shown>,
    /// Where a script in the page could read the access token.
    #[serde(default)]
    pub(crate) access_token: Vec<String>,
    /// Where a script in the page could read the refresh token.
    #[serde(default)]
    pub(crate) refresh_token: Vec<String>,
}

/// The tokens' fingerprints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Shown {
    /// The access token's.
    pub(crate) access: String,
    /// The refresh token's.
    pub(crate) refresh: Option<String>,
}

/// What the provider accepts the last tokens for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct After {
    /// The access token.
    pub(crate) access: TokenStatus,
    /// The refresh token.
    pub(crate) refresh: Option<TokenStatus>,
}

/// How many requests one party sent to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct RequestCount {
    pub(crate) from: Party,
    pub(crate) to: Party,
    pub(crate) requests: usize,
    /// Bytes of the answers' bodies, as far as they were counted.
    pub(crate) bytes: u64,
}

impl Comparison {
    /// Creates a comparison without runs.
    pub(crate) fn begin(made_at: UnixMillis) -> Self {
        Self {
            version: VERSION,
            made_at,
            runs: Vec::new(),
        }
    }

    /// Whether this version of the program can show it.
    pub(crate) fn is_readable(&self) -> bool {
        self.version == VERSION
    }
}

impl Run {
    /// Creates a run without steps.
    pub(crate) fn begin(kind: ClientKind) -> Self {
        Self {
            kind,
            steps: Vec::new(),
            exchanges: Vec::new(),
            stolen: None,
            first_answer: None,
            two_at_once: None,
            after_reload: None,
            after_close: None,
            after_sign_out: None,
        }
    }

    /// Creates a run that failed at once, and says why.
    pub(crate) fn failed(kind: ClientKind, why: impl Into<String>) -> Self {
        let mut run = Self::begin(kind);
        run.steps.push(StepResult {
            step: Step::SignIn,
            took: 0,
            failed: Some(why.into()),
            token: None,
            access_token: Vec::new(),
            refresh_token: Vec::new(),
        });
        run
    }

    /// Adds exchanges that are not there yet: the logs of two pages overlap.
    pub(crate) fn add_exchanges(&mut self, exchanges: Vec<Exchange>) {
        let same = |a: &Exchange, b: &Exchange| {
            (a.at, a.from, a.to, &a.method, &a.path) == (b.at, b.from, b.to, &b.method, &b.path)
        };
        for exchange in exchanges {
            match self
                .exchanges
                .iter_mut()
                .find(|known| same(known, &exchange))
            {
                // It may have been under way when it was first seen.
                Some(known) => *known = exchange,
                None => self.exchanges.push(exchange),
            }
        }
        self.exchanges.sort_by_key(|exchange| exchange.at);
        for (id, exchange) in (1..).zip(&mut self.exchanges) {
            exchange.id = id;
        }
    }

    /// Whether a step came to its end.
    pub(crate) fn has_run(&self, step: Step) -> bool {
        let succeeded = |result: &StepResult| result.step == step && result.failed.is_none();
        self.steps.iter().any(succeeded)
    }

    /// Whether there were tokens that could be looked for.
    pub(crate) fn was_signed_in(&self) -> bool {
        self.steps.iter().any(|result| result.token.is_some())
    }

    /// Counts the token requests that presented a refresh token.
    pub(crate) fn refreshes(&self) -> usize {
        let presents = |exchange: &&Exchange| {
            let names = |sent: &confidant_wire::Parameter| sent.name == "refresh_token";
            exchange.is_token_request() && exchange.sent.iter().any(names)
        };
        self.exchanges.iter().filter(presents).count()
    }

    /// Returns how often each party called each other.
    pub(crate) fn request_counts(&self) -> Vec<RequestCount> {
        let mut counts: Vec<RequestCount> = Vec::new();
        for exchange in &self.exchanges {
            let Exchange { from, to, .. } = *exchange;
            let bytes = exchange.bytes.unwrap_or_default();
            match counts
                .iter_mut()
                .find(|count| count.from == from && count.to == to)
            {
                Some(count) => {
                    count.requests += 1;
                    count.bytes += bytes;
                }
                None => counts.push(RequestCount {
                    from,
                    to,
                    requests: 1,
                    bytes,
                }),
            }
        }
        counts
    }

    /// Returns which party authenticated with a client secret; none if none did.
    pub(crate) fn secret_holder(&self) -> Option<Party> {
        let mut requests = self
            .exchanges
            .iter()
            .filter(|exchange| exchange.is_token_request());
        let shows = |exchange: &Exchange| {
            let names = ["client_secret", "authorization"];
            let secret = |sent: &confidant_wire::Parameter| {
                names.contains(&sent.name.as_str()) && sent.value == Value::Secret
            };
            exchange.sent.iter().any(secret)
        };
        requests
            .find(|exchange| shows(exchange))
            .map(|exchange| exchange.from)
    }

    /// Returns where a script could read the access token and the refresh token,
    /// over all steps.
    pub(crate) fn readable(&self) -> (Vec<&str>, Vec<&str>) {
        let all = |list: fn(&StepResult) -> &Vec<String>| {
            let mut places: Vec<&str> = Vec::new();
            for place in self.steps.iter().flat_map(list) {
                if !places.contains(&place.as_str()) {
                    places.push(place);
                }
            }
            places
        };
        (
            all(|result| &result.access_token),
            all(|result| &result.refresh_token),
        )
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::samples;

    pub(crate) fn run() -> Run {
        let mut run = Run::begin(ClientKind::BFF);
        run.add_exchanges(samples::refreshed_call());
        run.steps.push(StepResult {
            step: Step::SignIn,
            took: 900,
            failed: None,
            token: Some(Shown {
                access: samples::token().access.to_string(),
                refresh: samples::token().refresh.map(|token| token.to_string()),
            }),
            access_token: vec!["localStorage".to_owned()],
            refresh_token: Vec::new(),
        });
        run.after_sign_out = Some(After {
            access: TokenStatus {
                known: true,
                active: true,
                reason: "active".to_owned(),
            },
            refresh: None,
        });
        run
    }

    #[test]
    fn what_two_at_once_both_saw_counts_once() {
        let mut run = run();
        let before = run.exchanges.len();
        run.add_exchanges(samples::refreshed_call());
        assert_eq!(run.exchanges.len(), before);
        assert_eq!(run.refreshes(), 1);
    }

    #[test]
    fn a_leg_counts_requests_and_bytes() {
        let legs = run().request_counts();
        let server = legs
            .iter()
            .find(|leg| (leg.from, leg.to) == (Party::Server, Party::Provider));
        assert_eq!(server.map(|leg| (leg.requests, leg.bytes)), Some((2, 200)));
    }

    #[test]
    fn whoever_shows_the_secret_has_it() {
        assert_eq!(run().secret_holder(), Some(Party::Server));
        assert_eq!(Run::begin(ClientKind::BFF).secret_holder(), None);
    }

    #[test]
    fn a_comparison_is_read_as_it_was_written() {
        let mut comparison = Comparison::begin(5);
        comparison.runs.push(run());
        let text = leptos::serde_json::to_string(&comparison).unwrap();
        let read: Comparison = leptos::serde_json::from_str(&text).unwrap();
        assert_eq!(read, comparison);
        assert!(read.is_readable());
    }
}
