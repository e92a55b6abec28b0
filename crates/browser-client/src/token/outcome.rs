//! What became of a token request.

use super::TokenAnswer;
use crate::{
    Error,
    error::Kind,
    platform::{NoAnswer, Response},
};
use confidant_wire::Claims;
use serde_json::Value;

/// The class of an answer, or of its absence.
#[derive(Clone, Debug, PartialEq)]
pub enum Outcome {
    /// A token came.
    Success(Box<TokenAnswer>),
    /// The provider no longer honours the code or refresh token; its error
    /// code.
    Dead(String),
    /// The provider refuses the client or the request itself; its error code.
    Misconfigured(String),
    /// Surely not processed: the same request may be sent again.
    Transient {
        /// When the provider wants to be asked again, in seconds.
        retry_after: Option<u64>,
    },
    /// May have been processed: sent, and no readable answer came.
    Ambiguous(Doubt),
}

/// Why an outcome is ambiguous.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Doubt {
    /// `fetch` threw, and the browser hides why.
    Failed,
    /// No answer within the limit.
    TimedOut,
    /// The answer broke off.
    CutShort,
    /// The answer is no token answer: a page, or something else.
    Unreadable,
    /// A gateway's error, behind which a good answer may have been lost.
    Status(u16),
}

impl From<&NoAnswer> for Doubt {
    fn from(none: &NoAnswer) -> Self {
        match none {
            NoAnswer::Failed => Self::Failed,
            NoAnswer::TimedOut => Self::TimedOut,
            NoAnswer::CutShort(_) => Self::CutShort,
        }
    }
}

/// Sorts an answer of a token endpoint, or its absence (RFC 6749, section 5).
pub fn classify(answer: &Result<Response, NoAnswer>) -> Outcome {
    let response = match answer {
        Ok(response) => response,
        Err(none) => return Outcome::Ambiguous(none.into()),
    };
    let fields: Option<Claims> = serde_json::from_str(&response.body).ok();
    let error = fields.as_ref().and_then(error_code);
    let ok = (200..300).contains(&response.status);
    match (response.status, error.as_deref()) {
        (_, Some("temporarily_unavailable" | "slow_down")) | (429 | 503, _) => Outcome::Transient {
            retry_after: response.retry_after,
        },
        (status @ 500.., _) => Outcome::Ambiguous(Doubt::Status(status)),
        (_, Some(error @ ("invalid_grant" | "interaction_required" | "bad_refresh_token"))) => {
            Outcome::Dead(error.to_owned())
        }
        (_, Some(error)) => Outcome::Misconfigured(error.to_owned()),
        (_, None) if ok => match fields.and_then(TokenAnswer::read) {
            Some(answer) => Outcome::Success(Box::new(answer)),
            None => Outcome::Ambiguous(Doubt::Unreadable),
        },
        (status, None) => Outcome::Misconfigured(format!("status {status}")),
    }
}

/// The error code of an answer that carries one, whatever its status. Only the
/// characters that RFC 6749, section 5.2 allows, and not many.
pub(crate) fn error_code(fields: &Claims) -> Option<String> {
    match fields.get("error")? {
        Value::String(code) if code.is_empty() => None,
        Value::String(code) if is_code(code) => Some(code.clone()),
        Value::Null => None,
        _ => Some("unspecified".into()),
    }
}

fn is_code(text: &str) -> bool {
    text.len() <= 64
        && text
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b"_-.".contains(&b))
}

impl Doubt {
    /// What happened, for people.
    pub fn words(self) -> &'static str {
        match self {
            Self::Failed => {
                "The provider is unreachable, or its CORS headers are missing: \
                 the browser does not say which."
            }
            Self::TimedOut => "The provider did not answer in time.",
            Self::CutShort => "The provider's answer broke off.",
            Self::Unreadable => "The provider's answer is not a token answer.",
            Self::Status(_) => "The provider, or a gateway before it, failed.",
        }
    }

    /// The kind of error that it is where nothing else follows from it.
    pub(crate) fn kind(self) -> Kind {
        match self {
            Self::Failed => Kind::Unreachable,
            Self::TimedOut => Kind::TimedOut,
            Self::CutShort | Self::Unreadable | Self::Status(_) => Kind::ProviderMisbehaved,
        }
    }
}

/// The error of a request that brought no token. `dead` is what it is called
/// where the provider refuses what was presented.
pub(crate) fn failure(outcome: &Outcome, dead: Kind) -> Error {
    match outcome {
        Outcome::Dead(code) => {
            let message =
                format!("The provider no longer honours this sign-in ({code}). Sign in again.");
            Error::new(dead, message)
        }
        Outcome::Misconfigured(code) => {
            let message = format!("The provider refuses this client ({code}).");
            Error::new(Kind::ClientMisconfigured, message)
        }
        Outcome::Transient { retry_after } => Error {
            retry_after: retry_after.or(Some(1)),
            ..Error::new(
                Kind::ProviderUnavailable,
                "The provider is busy. Try again.",
            )
        },
        Outcome::Ambiguous(doubt) => Error::new(doubt.kind(), doubt.words()),
        // A success is no failure; nobody asks.
        Outcome::Success(_) => Error::new(Kind::ProviderMisbehaved, "No token came."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outcome(status: u16, body: &str) -> Outcome {
        classify(&Ok(Response {
            status,
            body: body.into(),
            retry_after: Some(7),
            ..Response::default()
        }))
    }

    #[test]
    fn only_the_providers_word_on_the_grant_is_death() {
        for (status, body, expected) in [
            (400, r#"{"error":"invalid_grant"}"#, "Dead"),
            (403, r#"{"error":"invalid_grant"}"#, "Dead"),
            (200, r#"{"error":"bad_refresh_token"}"#, "Dead"),
            (401, r#"{"error":"invalid_client"}"#, "Misconfigured"),
            (400, r#"{"error":"invalid_scope"}"#, "Misconfigured"),
            (400, r#"{"error":{"message":"no"}}"#, "Misconfigured"),
            (404, "<html>", "Misconfigured"),
            (429, "", "Transient"),
            (503, r#"{"error":"invalid_grant"}"#, "Transient"),
            (400, r#"{"error":"temporarily_unavailable"}"#, "Transient"),
            (500, "", "Ambiguous"),
            (502, r#"{"error":"invalid_grant"}"#, "Ambiguous"),
            (504, "", "Ambiguous"),
            (200, "<html>", "Ambiguous"),
            (200, r#"{"access_token":"a","#, "Ambiguous"),
            (200, r#"{"token":"a"}"#, "Ambiguous"),
            (200, "[]", "Ambiguous"),
            (200, r#"{"access_token":"a"}"#, "Success"),
        ] {
            let found = format!("{:?}", outcome(status, body));
            assert!(found.starts_with(expected), "{status} {body}: {found}");
        }
    }

    #[test]
    fn no_answer_is_never_death_and_never_surely_unprocessed() {
        for (none, doubt) in [
            (NoAnswer::Failed, Doubt::Failed),
            (NoAnswer::TimedOut, Doubt::TimedOut),
            (NoAnswer::CutShort(200), Doubt::CutShort),
        ] {
            assert_eq!(classify(&Err(none)), Outcome::Ambiguous(doubt));
        }
    }

    #[test]
    fn a_providers_text_does_not_get_into_an_error() {
        let it = outcome(400, r#"{"error":"<img src=x>"}"#);
        assert_eq!(it, Outcome::Misconfigured("unspecified".into()));
        let busy = failure(&outcome(503, ""), Kind::GrantDead);
        assert_eq!(
            (busy.kind, busy.retry_after),
            (Kind::ProviderUnavailable, Some(7))
        );
    }
}
