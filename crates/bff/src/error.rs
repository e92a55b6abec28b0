//! Errors of the library's operations: one enum, and one table that maps each
//! error to its fixed code, HTTP status and message for users.

use crate::{
    common_problems::{misconfigured, unavailable},
    forward::ForwardError,
    login::LoginError,
    provider::{CallError, MetadataError},
    refresh::{TokenError, decide::LOGIN_REQUIRED},
    store::StoreError,
};
use confidant_wire::{Code, Problem};
use std::time::Duration;

/// Why an operation failed.
///
/// [`BffError::code`] is fixed and safe to branch on; `source()` is for logs
/// and never for users.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BffError {
    /// The request carries no session.
    #[error("the request carries no session")]
    NotSignedIn,
    /// The request carries a session cookie twice, or one that is malformed.
    #[error("the session cookie is malformed or was sent twice")]
    BadCookie,
    /// No access token can be obtained.
    #[error("no access token can be obtained")]
    Token(#[from] TokenError),
    /// The session store failed.
    #[error("the session store failed")]
    Store(#[from] StoreError),
    /// The provider's metadata cannot be obtained.
    #[error("the provider's metadata cannot be obtained")]
    Metadata(#[from] MetadataError),
    /// A call to the provider failed.
    #[error("a call to the provider failed")]
    Provider(#[from] CallError),
    /// A sign-in failed.
    #[error("the sign-in failed")]
    Login(#[from] LoginError),
    /// A request was not forwarded.
    #[error("the request was not forwarded")]
    Forward(#[from] ForwardError),
    /// The session is not one of a token-mediating backend.
    #[error("the session is not one of a token-mediating backend")]
    NotMediated,
    /// The page asked for a scope that was not granted.
    #[error("the requested scope was not granted")]
    ScopeNotGranted,
    /// The provider issued a token with more scope than was requested.
    #[error("the provider issued more scope than was requested")]
    TooMuchScope,
    /// A parameter is missing, malformed or repeated.
    #[error("a parameter is missing, malformed or repeated")]
    BadRequest,
    /// The request body is larger than allowed.
    #[error("the request body is larger than allowed")]
    BodyTooLarge,
    /// The request body ended early.
    #[error("the request body ended early")]
    BodyIncomplete,
    /// The answer took too long.
    #[error("the answer took too long")]
    TimedOut,
    /// The request comes from another site.
    #[error("the request comes from another site")]
    CrossSite,
    /// The application was opened under an address that is not its own.
    #[error("the application was opened under another address than {0}")]
    OtherAddress(String),
    /// The request lacks the header `X-CSRF: 1`.
    #[error("the request lacks the header X-CSRF: 1")]
    CsrfHeaderMissing,
    /// No endpoint has this path.
    #[error("no endpoint has this path")]
    NotFound,
    /// The endpoint does not support the method.
    #[error("the endpoint does not support the method")]
    MethodNotAllowed,
    /// The session asked for too many refreshes in a short time.
    #[error("too many requests")]
    RateLimited {
        /// When to try again.
        retry_after: Duration,
    },
}

impl BffError {
    /// Returns the fixed code of this error.
    pub fn code(&self) -> Code {
        self.problem().code
    }

    /// Returns what a user may be told: code, message, and when to try again.
    pub fn problem(&self) -> Problem {
        let (code, message) = match self {
            Self::Token(error) => return token_problem(error),
            Self::Store(error) => return store_problem(error),
            Self::Metadata(MetadataError::Unavailable) => {
                return unavailable(Duration::from_secs(2));
            }
            Self::Metadata(MetadataError::Nonsense(_)) => return misbehaved(),
            Self::Provider(error) => return call_problem(*error),
            Self::Login(error) => return error.problem(),
            Self::Forward(error) => return error.problem(),
            Self::RateLimited { retry_after } => {
                let seconds = retry_after.as_millis().div_ceil(1000);
                return Problem::new(
                    Code::RateLimited,
                    "This session has asked for that too often in a short time. Nothing was changed; try again in a moment.",
                )
                .retry_after(u64::try_from(seconds).unwrap_or(u64::MAX).max(1));
            }
            Self::NotSignedIn => (Code::NotSignedIn, "You are not signed in."),
            Self::BadCookie => (
                Code::BadRequest,
                "The session cookie was damaged or sent more than once, so it is not clear which session to end. No session was ended here: sign out at the provider, too.",
            ),
            Self::NotMediated => (
                Code::NotOffered,
                "This session's tokens stay on the server.",
            ),
            Self::ScopeNotGranted => (
                Code::BadRequest,
                "A token can have scopes that were granted, and no offline access.",
            ),
            Self::TooMuchScope => (
                Code::ProviderMisbehaved,
                "The provider issued a token with more scope than was requested, so the token stays on the server.",
            ),
            Self::BadRequest => (
                Code::BadRequest,
                "A parameter is missing, malformed or given twice.",
            ),
            Self::BodyTooLarge => (Code::BodyTooLarge, "The request is larger than allowed."),
            Self::BodyIncomplete => (Code::BadRequest, "The request broke off before its end."),
            Self::TimedOut => (Code::TimedOut, "The answer took too long. Try again."),
            Self::OtherAddress(origin) => {
                return Problem::new(
                    Code::CrossSite,
                    format!("This application works at {origin} only. Open it there."),
                );
            }
            Self::CrossSite => (Code::CrossSite, "This request came from another site."),
            Self::CsrfHeaderMissing => {
                (Code::CrossSite, "This request needs the header X-CSRF: 1.")
            }
            Self::NotFound => (Code::NotFound, "There is no such endpoint."),
            Self::MethodNotAllowed => (
                Code::MethodNotAllowed,
                "This endpoint takes another method.",
            ),
        };
        Problem::new(code, message)
    }

    /// Writes the error and its causes to the log, where an operator should
    /// see them, and returns what the user may be told.
    ///
    /// An operation does not log the error that it returns; the code that
    /// answers the request calls this once.
    pub fn report(&self) -> Problem {
        let problem = self.problem();
        let causes = causes(self);
        if problem.code.status() >= 500 {
            tracing::error!(code = %problem.code, "{causes}");
        } else {
            tracing::debug!(code = %problem.code, "{causes}");
        }
        problem
    }
}

/// Joins an error and its sources.
fn causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

fn token_problem(error: &TokenError) -> Problem {
    match error {
        TokenError::Gone => BffError::NotSignedIn.problem(),
        TokenError::Dead(reason) if reason == LOGIN_REQUIRED => Problem::new(
            Code::GrantDead,
            "An answer of the provider was lost on its way, and it wants to see you before it gives new tokens. Sign in again to go on; nothing else was lost.",
        ),
        TokenError::Dead(_) => Problem::new(
            Code::GrantDead,
            "The provider no longer honours this sign-in, so the session has ended. Sign in again to go on.",
        ),
        TokenError::Reauthorize => Problem::new(
            Code::Reauthorize,
            "The provider's last answer was lost, and sending the refresh token again could look like theft. A page that is opened when the access token has run out renews the session by itself.",
        ),
        TokenError::NoRefreshToken => Problem::new(
            Code::NoRefreshToken,
            "The provider gave no refresh token, so there is nothing to refresh with. Sign in again when the access token has run out.",
        ),
        TokenError::Unreadable => unreadable(),
        TokenError::Misconfigured(_) => misconfigured(),
        TokenError::RequestRefused(_) => Problem::new(
            Code::ClientMisconfigured,
            "The provider gives this application no token for that scope or resource. Your session goes on; the operator has to look at the configuration.",
        ),
        TokenError::Unavailable { retry_after } => unavailable(*retry_after),
        TokenError::Store => store_unavailable(),
    }
}

fn store_problem(error: &StoreError) -> Problem {
    match error {
        StoreError::Decrypt(_) => unreadable(),
        StoreError::Unavailable(_) => store_unavailable(),
    }
}

fn call_problem(error: CallError) -> Problem {
    match error {
        CallError::Unauthorized => Problem::new(
            Code::ProviderMisbehaved,
            "The provider does not accept the token that it has just issued.",
        ),
        CallError::Forbidden => Problem::new(
            Code::ClientMisconfigured,
            "The token of this session has no scope for this request, so the provider does not answer it. Your session goes on; the operator has to look at the scopes.",
        ),
        CallError::OtherUser => Problem::new(
            Code::ProviderMisbehaved,
            "The provider answered with the profile of another user, so it is not shown.",
        ),
        CallError::NotOffered => {
            Problem::new(Code::NotOffered, "The provider has no endpoint for this.")
        }
        CallError::Unavailable => unavailable(Duration::from_secs(1)),
        CallError::Nonsense => misbehaved(),
    }
}

fn store_unavailable() -> Problem {
    Problem::new(
        Code::StoreUnavailable,
        "Our database does not answer. Nothing was lost; try again in a moment.",
    )
    .retry_after(2)
}

fn unreadable() -> Problem {
    Problem::new(
        Code::GrantDead,
        "What we had stored of this sign-in cannot be read any more, so the session has ended. Sign in again to go on.",
    )
}

fn misbehaved() -> Problem {
    Problem::new(
        Code::ProviderMisbehaved,
        "The provider answered something that makes no sense. Nothing was lost; try again.",
    )
}
