//! Why an operation failed: a fixed code, a sentence, and how long to wait.

pub(crate) mod catalog;

use confidant_wire::{Code, Problem};
use std::fmt;

macro_rules! kinds {
    ($($(#[$doc:meta])* $name:ident = $code:literal => $wire:ident),+ $(,)?) => {
        /// Which failure.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Kind { $($(#[$doc])* $name),+ }

        impl Kind {
            /// Every kind.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// Its fixed code, for programs.
            pub fn code(self) -> &'static str {
                match self { $(Self::$name => $code),+ }
            }

            /// The nearest code that the server's endpoints have.
            pub fn wire(self) -> Code {
                match self { $(Self::$name => Code::$wire),+ }
            }
        }
    };
}

kinds! {
    /// `return_to` does not point into this application.
    BadReturnTo = "bad_return_to" => BadReturnTo,
    /// `state` is missing or was not given to this tab.
    BadState = "bad_state" => BadState,
    /// `state` was used: the back button, or a link followed twice. Whatever
    /// session there is stays.
    AlreadyFinished = "already_finished" => BadState,
    /// `iss` names another provider (RFC 9207).
    IssuerMismatch = "issuer_mismatch" => IssuerMismatch,
    /// The person or the provider declined.
    AccessDenied = "access_denied" => AccessDenied,
    /// A silent authorization (`prompt=none`) needs the person after all.
    LoginRequired = "login_required" => AuthorizationFailed,
    /// The provider answered the authorization request with another error.
    AuthorizationFailed = "authorization_failed" => AuthorizationFailed,
    /// The provider refused the authorization code.
    CodeRefused = "code_refused" => CodeRefused,
    /// Nobody is signed in.
    NotSignedIn = "not_signed_in" => NotSignedIn,
    /// The provider no longer honours the grant.
    GrantDead = "grant_dead" => GrantDead,
    /// The refresh token must not be presented again: authorize once more,
    /// silently.
    Reauthorize = "reauthorize" => Reauthorize,
    /// The service worker was started afresh and holds nothing: authorize once
    /// more, silently.
    WorkerRestarted = "worker_restarted" => Reauthorize,
    /// The service worker cannot be registered or does not answer.
    WorkerUnavailable = "worker_unavailable" => Internal,
    /// The provider gave no refresh token.
    NoRefreshToken = "no_refresh_token" => NoRefreshToken,
    /// The provider has no endpoint for this.
    NotOffered = "not_offered" => NotOffered,
    /// The address is not among the APIs that may get the token.
    UnknownApi = "unknown_api" => UnknownApi,
    /// The provider refuses this client: a matter for the operator.
    ClientMisconfigured = "client_misconfigured" => ClientMisconfigured,
    /// The provider answered what makes no sense.
    ProviderMisbehaved = "provider_misbehaved" => ProviderMisbehaved,
    /// The ID token is not for us or not about this sign-in.
    BadIdToken = "bad_id_token" => ProviderMisbehaved,
    /// The provider is busy: it said so.
    ProviderUnavailable = "provider_unavailable" => ProviderUnavailable,
    /// No answer could be read: unreachable, or without CORS headers.
    Unreachable = "unreachable" => ProviderUnavailable,
    /// No answer within our own limit.
    TimedOut = "timed_out" => TimedOut,
    /// The API could not be reached, or its CORS headers are missing.
    ApiUnavailable = "api_unavailable" => ApiUnavailable,
    /// The browser does not let this page store anything.
    StorageBlocked = "storage_blocked" => StoreUnavailable,
    /// The storage is full.
    StorageFull = "storage_full" => StoreUnavailable,
    /// What is stored there is not ours or was damaged: start over.
    StorageForeign = "storage_foreign" => GrantDead,
    /// The browser lacks something, such as WebCrypto outside secure contexts.
    BrowserLacks = "browser_lacks" => Internal,
}

/// A failure. Nothing secret is in it, and no text of a provider's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    /// Which failure.
    pub kind: Kind,
    /// A sentence for people.
    pub message: String,
    /// Seconds until it is worth trying again, where somebody said so.
    pub retry_after: Option<u64>,
}

impl Error {
    /// A failure of this kind, told so.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self {
            kind,
            message: message.into(),
            retry_after: None,
        }
    }

    /// Its fixed code, for programs.
    pub fn code(&self) -> &'static str {
        self.kind.code()
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.code(), self.message)
    }
}

impl std::error::Error for Error {}

impl From<Error> for Problem {
    fn from(error: Error) -> Self {
        Self {
            code: error.kind.wire(),
            message: error.message,
            retry_after: error.retry_after,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_kind_has_a_code_of_its_own() {
        let codes: HashSet<_> = Kind::ALL.iter().map(|kind| kind.code()).collect();
        assert_eq!(codes.len(), Kind::ALL.len());
    }

    #[test]
    fn an_error_becomes_the_problem_that_pages_show() {
        let error = Error::new(Kind::WorkerRestarted, "Once more.");
        assert_eq!(error.to_string(), "worker_restarted: Once more.");
        assert_eq!(Problem::from(error).code, Code::Reauthorize);
    }
}
