//! The authorization response (RFC 6749, section 4.1.2; RFC 9207).

use super::pending::{Lookup, PendingSignIn, PendingSignIns};
use crate::{Error, ErrorKind};
use confidant_protocol::{
    AuthorizationError, AuthorizationResponse, authorization_response::ExpectedIssuer,
};

/// Uses the response's state up. Returns its code and the sign-in that it belongs
/// to. `iss_required` says that the provider sends `iss` in every response.
///
/// # Errors
/// If the response belongs to no request of this tab, comes from another
/// provider, or is an error.
pub(crate) fn accept(
    response: &AuthorizationResponse,
    pending: &mut PendingSignIns,
    issuer: &str,
    iss_required: bool,
) -> Result<(String, PendingSignIn), Error> {
    let lookup = match &response.state {
        Some(state) => pending.take(state),
        None => Lookup::Unknown,
    };
    let pending = match lookup {
        Lookup::Unused(pending) => pending,
        Lookup::Used => {
            let message = "This sign-in was finished before. Nothing has changed.";
            return Err(Error::new(ErrorKind::AlreadyFinished, message));
        }
        Lookup::Unknown => {
            let message = "This tab did not begin this sign-in. Start again.";
            return Err(Error::new(ErrorKind::BadState, message));
        }
    };
    let expected = ExpectedIssuer {
        issuer: Some(issuer),
        iss_required,
    };
    let code = response.clone().validate(expected).map_err(failed)?;
    Ok((code.into_secret(), pending))
}

/// Returns the error of a response that yields no code.
fn failed(error: AuthorizationError) -> Error {
    let (kind, message) = match error {
        AuthorizationError::IssuerMismatch => (
            ErrorKind::IssuerMismatch,
            "The answer comes from another provider than the one asked.",
        ),
        AuthorizationError::AccessDenied => (ErrorKind::AccessDenied, "The sign-in was declined."),
        AuthorizationError::InteractionRequired => (
            ErrorKind::LoginRequired,
            "The provider wants to ask you something first. Sign in.",
        ),
        AuthorizationError::TemporarilyUnavailable => (
            ErrorKind::ProviderUnavailable,
            "The provider cannot sign you in at the moment.",
        ),
        AuthorizationError::Refused => (
            ErrorKind::AuthorizationFailed,
            "The provider answered the sign-in with an error.",
        ),
        AuthorizationError::Empty => (
            ErrorKind::ProviderMisbehaved,
            "The provider sent neither a code nor an error.",
        ),
    };
    Error::new(kind, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use confidant_protocol::cases::authorization_response::{CASES, Expectation};

    fn one() -> PendingSignIns {
        let mut all = PendingSignIns::default();
        all.add(PendingSignIn {
            state: "s".into(),
            nonce: "n".into(),
            verifier: "v".into(),
            return_to: "/there".parse().unwrap(),
            silent: false,
        });
        all
    }

    fn outcome(query: &str, iss_required: bool) -> Result<String, ErrorKind> {
        let response = AuthorizationResponse::from_query(query).unwrap();
        accept(&response, &mut one(), "http://op.test", iss_required)
            .map(|(code, pending)| code + pending.return_to.as_str())
            .map_err(|error| error.kind)
    }

    #[test]
    fn a_code_belongs_to_the_sign_in_with_its_state() {
        let query = "?code=c&state=s&iss=http%3A%2F%2Fop.test";
        assert_eq!(outcome(query, true), Ok("c/there".into()));
        assert_eq!(outcome("?code=c&state=s", false), Ok("c/there".into()));
    }

    #[test]
    fn every_wrong_response_has_its_error() {
        for (query, kind) in [
            ("", ErrorKind::BadState),
            ("code=c", ErrorKind::BadState),
            ("code=c&state=t&iss=http://op.test", ErrorKind::BadState),
            (
                "code=c&state=s&iss=http://evil.test",
                ErrorKind::IssuerMismatch,
            ),
            ("code=c&state=s", ErrorKind::IssuerMismatch),
            (
                "error=access_denied&state=s&iss=http://evil.test",
                ErrorKind::IssuerMismatch,
            ),
            (
                "error=access_denied&state=s&iss=http://op.test",
                ErrorKind::AccessDenied,
            ),
            (
                "error=login_required&state=s&iss=http://op.test",
                ErrorKind::LoginRequired,
            ),
            (
                "error=server_error&state=s&iss=http://op.test",
                ErrorKind::AuthorizationFailed,
            ),
            ("state=s&iss=http://op.test", ErrorKind::ProviderMisbehaved),
        ] {
            assert_eq!(outcome(query, true), Err(kind), "{query}");
        }
    }

    #[test]
    fn a_response_is_judged_as_every_client_judges_it() {
        for case in CASES {
            let response = AuthorizationResponse::from_query(case.query).unwrap();
            let Some(issuer) = case.issuer else {
                // A public client always knows its issuer.
                continue;
            };
            let found = accept(&response, &mut one(), issuer, case.iss_required)
                .map(|(code, _)| code)
                .map_err(|error| error.kind);
            let expected = match case.expected {
                Expectation::Code(code) => Ok(code.to_owned()),
                Expectation::Error(error) => Err(failed(error).kind),
            };
            assert_eq!(found, expected, "{case:?}");
        }
    }

    #[test]
    fn a_response_followed_twice_is_told_from_a_forged_one() {
        let response = AuthorizationResponse::from_query("code=c&state=s").unwrap();
        let mut pending = one();
        accept(&response, &mut pending, "i", false).unwrap();
        let again = accept(&response, &mut pending, "i", false).unwrap_err();
        assert_eq!(again.kind, ErrorKind::AlreadyFinished);
    }
}
