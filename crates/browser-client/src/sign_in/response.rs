//! The authorization response (RFC 6749, section 4.1.2; RFC 9207).

use super::pending::{Pending, PendingSignIns, Taken};
use crate::{Error, error::Kind};

/// What the provider's redirect carried.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AuthorizationResponse {
    /// The authorization code.
    pub code: Option<String>,
    /// The state sent with the request.
    pub state: Option<String>,
    /// The issuer.
    pub iss: Option<String>,
    /// The provider's error code.
    pub error: Option<String>,
}

impl AuthorizationResponse {
    /// Reads the query of the address that the provider sent the browser to.
    pub fn from_query(query: &str) -> Self {
        let mut it = Self::default();
        for (name, value) in form_urlencoded::parse(query.trim_start_matches('?').as_bytes()) {
            let field = match name.as_ref() {
                "code" => &mut it.code,
                "state" => &mut it.state,
                "iss" => &mut it.iss,
                "error" => &mut it.error,
                _ => continue,
            };
            *field = Some(value.into_owned());
        }
        it
    }
}

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
    // Before anything else is believed (RFC 9207, section 2.4): the code would
    // go to the wrong provider.
    let from_issuer = match &response.iss {
        Some(iss) => iss == issuer,
        None => !names_issuer,
    };
    if !from_issuer {
        let message = "The answer comes from another provider than the one asked.";
        return Err(Error::new(Kind::IssuerMismatch, message));
    }
    match (&response.code, &response.error) {
        (_, Some(error)) => Err(declined(error)),
        (Some(code), None) if !code.is_empty() => Ok((code.clone(), pending)),
        _ => {
            let message = "The provider sent neither a code nor an error.";
            Err(Error::new(Kind::ProviderMisbehaved, message))
        }
    }
}

/// An error in words (RFC 6749, section 4.1.2.1; OIDC Core, section 3.1.2.6).
fn declined(error: &str) -> Error {
    match error {
        "access_denied" => Error::new(Kind::AccessDenied, "The sign-in was declined."),
        "login_required"
        | "interaction_required"
        | "consent_required"
        | "account_selection_required" => Error::new(
            Kind::LoginRequired,
            "The provider wants to ask you something first. Sign in.",
        ),
        "temporarily_unavailable" => Error::new(
            Kind::ProviderUnavailable,
            "The provider cannot sign anybody in just now.",
        ),
        _ => Error::new(
            Kind::AuthorizationFailed,
            "The provider answered the sign-in with an error.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn one() -> PendingSignIns {
        let mut all = PendingSignIns::default();
        all.add(Pending {
            state: "s".into(),
            nonce: "n".into(),
            verifier: "v".into(),
            return_to: "/there".into(),
            silent: false,
        });
        all
    }

    fn outcome(query: &str, names_issuer: bool) -> Result<String, Kind> {
        let response = AuthorizationResponse::from_query(query);
        accept(&response, &mut one(), "http://op.test", names_issuer)
            .map(|(code, pending)| code + &pending.return_to)
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
    fn a_response_followed_twice_is_told_from_a_forged_one() {
        let response = AuthorizationResponse::from_query("code=c&state=s");
        let mut pending = one();
        accept(&response, &mut pending, "i", false).unwrap();
        let again = accept(&response, &mut pending, "i", false).unwrap_err();
        assert_eq!(again.kind, Kind::AlreadyFinished);
    }
}
