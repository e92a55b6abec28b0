//! The server functions.

use crate::csrf::SameOrigin;
use leptos::{prelude::*, server_fn::codec::GetUrl};
use serde::{Deserialize, Serialize};
#[cfg(feature = "ssr")]
use {
    confidant_bff::{Bff, BffError, OptionalSession, Session},
    leptos_axum::extract_with_state,
};

/// What the page shows of a signed-in user: no token.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Account {
    pub(crate) name: String,
    /// The answer of the API.
    pub(crate) answer: String,
}

/// What the server functions need; the server puts it into their context.
#[cfg(feature = "ssr")]
#[derive(Clone, Debug)]
pub struct Backend {
    pub bff: Bff,
    pub http: reqwest::Client,
    /// Where the API begins.
    pub api: String,
}

/// Calls the API with the session's access token. Returns `None` without a
/// session.
#[server(prefix = "/functions", endpoint = "account", input = GetUrl, client = SameOrigin)]
pub(crate) async fn load_account() -> Result<Option<Account>, ServerFnError> {
    let Backend { bff, http, api } = backend()?;
    let OptionalSession(session) = extract_with_state(&bff).await?;
    let Some(session) = session else {
        return Ok(None);
    };
    let token = session.access_token().await.map_err(describe)?;
    let request = http.get(format!("{api}/me")).bearer_auth(&token.secret);
    let response = request.send().await.and_then(|r| r.error_for_status());
    let answer = response.map_err(no_answer)?.text().await;
    Ok(Some(Account {
        name: session.user().name().to_owned(),
        answer: answer.map_err(no_answer)?,
    }))
}

/// Marks the access token as expired, so that its next use refreshes it.
#[server(prefix = "/functions", endpoint = "expire", client = SameOrigin)]
pub(crate) async fn expire() -> Result<(), ServerFnError> {
    let session = extract_with_state::<Session, Bff>(&backend()?.bff).await?;
    session.expire().await.map_err(describe)?;
    Ok(())
}

#[cfg(feature = "ssr")]
fn backend() -> Result<Backend, ServerFnError> {
    use_context().ok_or_else(|| ServerFnError::new("The server has no backend."))
}

/// Logs an error of the library and keeps what the user may be told.
#[cfg(feature = "ssr")]
fn describe(error: BffError) -> ServerFnError {
    ServerFnError::new(error.report().message)
}

#[cfg(feature = "ssr")]
fn no_answer(_: reqwest::Error) -> ServerFnError {
    ServerFnError::new("The API does not answer.")
}
