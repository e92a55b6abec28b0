//! Sessions as extractors.

use super::{navigation::is_navigation, pages};
use crate::{Bff, BffError, Session};
use axum::{
    extract::{FromRef, FromRequestParts},
    http::{Method, request::Parts},
    response::{IntoResponse, Redirect, Response},
};

/// The session of the request, if there is one. Use it where a handler serves
/// users with and without a session.
#[derive(Clone, Debug)]
pub struct OptionalSession(pub Option<Session>);

/// Why [`Session`] cannot be extracted.
#[derive(Debug)]
#[non_exhaustive]
pub enum SessionRejection {
    /// There is no session, or the session store failed: answered with the
    /// error's status and code.
    Error(BffError),
    /// A user without a session opened a page: redirected to this path.
    SignIn(String),
}

impl IntoResponse for SessionRejection {
    fn into_response(self) -> Response {
        match self {
            Self::Error(error) => error.into_response(),
            Self::SignIn(location) => Redirect::to(&location).into_response(),
        }
    }
}

impl<S> FromRequestParts<S> for Session
where
    Bff: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = SessionRejection;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, SessionRejection> {
        let bff = Bff::from_ref(state);
        let found = bff.session(&parts.headers).await;
        match found.map_err(SessionRejection::Error)? {
            Some(session) => Ok(session),
            None => Err(rejection(&bff, parts)),
        }
    }
}

impl<S> FromRequestParts<S> for OptionalSession
where
    Bff: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = BffError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, BffError> {
        Bff::from_ref(state).session(&parts.headers).await.map(Self)
    }
}

/// Sends a navigation to the sign-in page where the deployment wants that.
/// Only a GET can be repeated after the sign-in.
fn rejection(bff: &Bff, parts: &Parts) -> SessionRejection {
    let is_page = parts.method == Method::GET && is_navigation(&parts.headers);
    if is_page && bff.settings().redirect_to_sign_in {
        let path = parts.uri.path_and_query().map_or("/", |path| path.as_str());
        return SessionRejection::SignIn(pages::sign_in_location(bff.settings(), path));
    }
    SessionRejection::Error(BffError::NotSignedIn)
}
