//! The error of a server function: a [`Problem`] as JSON, with its status.

use super::json::Json;
use confidant_wire::{Code, Problem};
use leptos::server_fn::{
    Bytes, Encodes,
    error::{FromServerFnError, ServerFnErrorErr},
};
use serde::{Deserialize, Serialize};

/// A [`Problem`] as the error of a server function.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Failure(pub Problem);

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self(problem)
    }
}

impl FromServerFnError for Failure {
    type Encoder = Json;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        use ServerFnErrorErr as E;
        // The text of these errors is for developers, and may quote the input.
        let (code, message) = match error {
            E::Deserialization(why) if why.contains("length limit") => {
                (Code::BodyTooLarge, "The request is larger than allowed.")
            }
            E::Args(_) | E::MissingArg(_) => (
                Code::BadRequest,
                "A parameter is missing, malformed or given twice.",
            ),
            E::Deserialization(_) if cfg!(feature = "ssr") => {
                (Code::BadRequest, "The request could not be read.")
            }
            E::Request(_) => (
                Code::Internal,
                "The server gave no answer. Check the connection, then try again.",
            ),
            _ => (
                Code::Internal,
                "The server gave an answer that makes no sense.",
            ),
        };
        Self(Problem::new(code, message))
    }

    /// Leptos calls this only to write the answer to an HTTP request, so the
    /// status is set here, for errors of the framework too.
    fn ser(&self) -> Bytes {
        #[cfg(feature = "ssr")]
        super::response::set_problem_status(&self.0);
        <Json as Encodes<_>>::encode(self).unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_failure_is_written_as_the_problem_itself() {
        let failure = Failure(Problem::new(Code::NotSignedIn, "Sign in first."));
        let json = r#"{"code":"not_signed_in","message":"Sign in first."}"#;
        assert_eq!(failure.ser(), json.as_bytes());
        assert_eq!(Failure::de(Bytes::from(json)), failure);
    }

    #[test]
    fn malformed_arguments_are_a_bad_request_that_repeats_nothing() {
        let error = ServerFnErrorErr::Args("invalid `hunter2`".to_owned());
        let Failure(problem) = Failure::from_server_fn_error(error);
        assert_eq!(problem.code, Code::BadRequest);
        assert!(!problem.message.contains("hunter2"));
    }

    #[test]
    fn a_gateways_html_is_reported_as_a_senseless_answer() {
        let Failure(problem) = Failure::de(Bytes::from("<html>502 Bad Gateway"));
        assert!(!problem.message.contains("html"));
    }
}
