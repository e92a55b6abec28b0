//! The request behind a page or a server function. With `response` the only
//! module that knows how the library is called.

use super::{failure::Failure, response::set_cookies};
use crate::fault_panel::provider_controls::SharedFaultControls;
use confidant_bff::{Bff, BffError, Session, WithCookies};
use confidant_wire::{Code, Problem, ProviderView};
use http::{HeaderMap, request::Parts};
use leptos::prelude::use_context;

impl Failure {
    /// Logs an error of the library and keeps what the user may be told.
    pub(crate) fn of(error: BffError) -> Self {
        Self(error.report())
    }
}

/// Returns the library, and the headers of the request.
pub(crate) fn backend() -> Result<(Bff, HeaderMap), Problem> {
    let bff = use_context::<Bff>();
    let parts = use_context::<Parts>();
    match (bff, parts) {
        (Some(bff), Some(parts)) => Ok((bff, parts.headers)),
        _ => Err(Problem::new(
            Code::Internal,
            "The server was started without its OAuth client.",
        )),
    }
}

/// Returns the session of the request.
///
/// # Errors
/// `not_signed_in`, `store_unavailable`.
pub(crate) async fn session() -> Result<Session, Problem> {
    let (bff, headers) = backend()?;
    let session = bff
        .session(&headers)
        .await
        .map_err(|error| error.report())?;
    session.ok_or_else(|| BffError::NotSignedIn.problem())
}

/// Returns the providers on offer, those marked whose faults can be controlled.
pub(crate) fn providers(bff: &Bff) -> Vec<ProviderView> {
    let mut providers = bff.providers();
    if let Some(controls) = use_context::<SharedFaultControls>() {
        for provider in &mut providers {
            provider.faults = controls.is_provider(&provider.id);
        }
    }
    providers
}

/// Sets the cookies of a result and returns its body.
pub(crate) fn with_cookies<T>(result: Result<WithCookies<T>, BffError>) -> Result<T, Failure> {
    result.map(set_cookies).map_err(Failure::of)
}

/// Starts a silent authorization for the page at this path, if the session can
/// get new tokens in no other way. Returns the authorization request's URL.
pub(crate) async fn silent_reauthentication(path: &str) -> Option<String> {
    let (bff, headers) = backend().ok()?;
    // The page reports whatever prevents it.
    let started = bff.silent_reauthentication(&headers, path).await.ok()??;
    Some(with_cookies(Ok(started)).ok()?.authorization_url)
}

/// Whether a plain form was sent. Our scripts mark their requests, and a form
/// cannot.
pub(crate) fn is_plain_form() -> bool {
    use_context::<Parts>().is_some_and(|parts| !parts.headers.contains_key("x-csrf"))
}
