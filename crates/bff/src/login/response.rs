//! What the provider's redirect carried (RFC 6749, section 4.1.2; RFC 9207).

use confidant_wire::{Code, Problem};

/// The parameters of the redirect, none of them believed yet.
#[derive(Clone, Debug, Default)]
pub struct AuthorizationResponse {
    /// The authorization code.
    pub code: Option<String>,
    /// The state that we sent.
    pub state: Option<String>,
    /// The issuer.
    pub iss: Option<String>,
    /// The provider's error code.
    pub error: Option<String>,
}

/// The code, if the answer is one to trust: from the issuer that was asked
/// (RFC 9207, section 2.4), and not an error.
///
/// # Errors
/// `issuer_mismatch`, `access_denied`, `authorization_failed`, `bad_request`.
pub fn validate(
    response: AuthorizationResponse,
    issuer: Option<&str>,
    names_issuer: bool,
) -> Result<String, Problem> {
    let right_issuer = match response.iss.as_deref() {
        Some(iss) => Some(iss) == issuer,
        None => !names_issuer,
    };
    if !right_issuer {
        return Err(Problem::new(
            Code::IssuerMismatch,
            "This answer does not come from the provider that was asked. Nothing was done with it.",
        ));
    }
    match (response.error.as_deref(), response.code) {
        (Some("access_denied"), _) => Err(Problem::new(
            Code::AccessDenied,
            "Access was not granted at the provider, so nobody is signed in.",
        )),
        (Some(_), _) => Err(Problem::new(
            Code::AuthorizationFailed,
            "The provider did not authorize the sign-in.",
        )),
        (None, Some(code)) if !code.is_empty() => Ok(code),
        (None, _) => Err(Problem::new(
            Code::BadRequest,
            "The provider's answer holds neither a code nor an error.",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ISSUER: &str = "https://provider.example";

    fn response(
        iss: Option<&str>,
        code: Option<&str>,
        error: Option<&str>,
    ) -> AuthorizationResponse {
        AuthorizationResponse {
            code: code.map(Into::into),
            state: Some("s".into()),
            iss: iss.map(Into::into),
            error: error.map(Into::into),
        }
    }

    fn code_of(response: AuthorizationResponse, names: bool) -> Result<String, Code> {
        validate(response, Some(ISSUER), names).map_err(|problem| problem.code)
    }

    #[test]
    fn a_code_from_the_issuer_that_was_asked_is_taken() {
        assert_eq!(
            code_of(response(Some(ISSUER), Some("c"), None), true),
            Ok("c".into())
        );
        assert_eq!(
            code_of(response(None, Some("c"), None), false),
            Ok("c".into())
        );
    }

    #[test]
    fn an_answer_of_another_issuer_is_refused_before_anything_else() {
        let mixed_up = Err(Code::IssuerMismatch);
        let other = "https://provider.example.evil";
        assert_eq!(
            code_of(response(Some(other), Some("c"), None), true),
            mixed_up
        );
        assert_eq!(
            code_of(response(Some(other), None, Some("access_denied")), true),
            mixed_up
        );
        assert_eq!(code_of(response(None, Some("c"), None), true), mixed_up);
        assert_eq!(
            code_of(response(Some(""), Some("c"), None), false),
            mixed_up
        );
    }

    #[test]
    fn an_error_wins_over_a_code() {
        let answer = |code, error| code_of(response(Some(ISSUER), code, error), true);
        assert_eq!(
            answer(Some("c"), Some("access_denied")),
            Err(Code::AccessDenied)
        );
        assert_eq!(
            answer(None, Some("server_error")),
            Err(Code::AuthorizationFailed)
        );
        assert_eq!(answer(None, None), Err(Code::BadRequest));
        assert_eq!(answer(Some(""), None), Err(Code::BadRequest));
    }
}
