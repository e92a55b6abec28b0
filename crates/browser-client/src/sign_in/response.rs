//! The authorization response (RFC 6749, section 4.1.2; RFC 9207).

use super::pending::{Pending, PendingSignIns, Taken};
use crate::{Error, error::Kind};
use confidant_protocol::{
    AuthorizationError, AuthorizationResponse, authorization_response::ExpectedIssuer,
};

/// Uses the state up and gives the code, with the sign-in that it belongs to.
/// `names_issuer` says that the provider names itself in every response.
///
/// # Errors
/// When the response is not one to a request of this tab, not from this
/// provider, or an error.
pub(crate) fn accept(
    response: &AuthorizationResponse,
    pending: &mut PendingSignIns,
    issuer: &str,
    names_issuer: bool,
) -> Result<(String, Pending), Error> {
    let taken = match &response.state {
        Some(state) => pending.take(state),
        None => Taken::Unknown,
    };
    let pending = match taken {
        Taken::Fresh(pending) => pending,
        Taken::Used => {
            let message = "This sign-in was finished before. Nothing has changed.";
            return Err(Error::new(Kind::AlreadyFinished, message));
        }
        Taken::Unknown => {
            let message = "This tab did not begin this sign-in. Start again.";
            return Err(Error::new(Kind::BadState, message));
        }
    };
    let expected = ExpectedIssuer {
        issuer: Some(issuer),
        iss_required: names_issuer,
    };
    let code = response.clone().validate(expected).map_err(failed)?;
    Ok((code.into_secret(), pending))
}

/// Returns the error of a response that yields no code.
fn failed(error: AuthorizationError) -> Error {
    let (kind, message) = match error {
        AuthorizationError::IssuerMismatch => (
            Kind::IssuerMismatch,
            "The answer comes from another provider than the one asked.",
        ),
        AuthorizationError::AccessDenied => (Kind::AccessDenied, "The sign-in was declined."),
        AuthorizationError::InteractionRequired => (
            Kind::LoginRequired,
            "The provider wants to ask you something first. Sign in.",
        ),
        AuthorizationError::TemporarilyUnavailable => (
            Kind::ProviderUnavailable,
            "The provider cannot sign anybody in just now.",
        ),
        AuthorizationError::Refused => (
            Kind::AuthorizationFailed,
            "The provider answered the sign-in with an error.",
        ),
        AuthorizationError::Empty => (
            Kind::ProviderMisbehaved,
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
        all.add(Pending {
            state: "s".into(),
            nonce: "n".into(),
            verifier: "v".into(),
            return_to: "/there".parse().unwrap(),
            silent: false,
        });
        all
    }

    fn outcome(query: &str, names_issuer: bool) -> Result<String, Kind> {
        let response = AuthorizationResponse::from_query(query).unwrap();
        accept(&response, &mut one(), "http://op.test", names_issuer)
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
    fn what_is_wrong_with_a_response_is_told() {
        for (query, kind) in [
            ("", Kind::BadState),
            ("code=c", Kind::BadState),
            ("code=c&state=t&iss=http://op.test", Kind::BadState),
            ("code=c&state=s&iss=http://evil.test", Kind::IssuerMismatch),
            ("code=c&state=s", Kind::IssuerMismatch),
            (
                "error=access_denied&state=s&iss=http://evil.test",
                Kind::IssuerMismatch,
            ),
            (
                "error=access_denied&state=s&iss=http://op.test",
                Kind::AccessDenied,
            ),
            (
                "error=login_required&state=s&iss=http://op.test",
                Kind::LoginRequired,
            ),
            (
                "error=server_error&state=s&iss=http://op.test",
                Kind::AuthorizationFailed,
            ),
            ("state=s&iss=http://op.test", Kind::ProviderMisbehaved),
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
        assert_eq!(again.kind, Kind::AlreadyFinished);
    }
}
