//! The cookies that a browser sends and gets.

use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};

use crate::{
    clock::UnixTime,
    config::Framing,
    provider::Provider,
    randomness::{Randomness, random_token},
    records::sessions::Session,
    state::State,
};

/// Identifies a browser, with or without a signed-in user. CSRF tokens are
/// bound to it.
const BROWSER_COOKIE: &str = "meridian_browser";
/// Identifies the session of the signed-in user.
const SESSION_COOKIE: &str = "meridian_session";

/// The cookies of a request.
pub(crate) struct BrowserCookies {
    browser_id: String,
    is_new_browser: bool,
    session: Option<String>,
}

impl BrowserCookies {
    /// Reads the cookies. A browser without an id gets a new one.
    pub(crate) fn read(headers: &HeaderMap, randomness: &dyn Randomness) -> Self {
        let id = cookie(headers, BROWSER_COOKIE);
        Self {
            is_new_browser: id.is_none(),
            browser_id: id.unwrap_or_else(|| random_token(randomness, "mbrowser_")),
            session: cookie(headers, SESSION_COOKIE),
        }
    }

    pub(super) fn browser_id(&self) -> &str {
        &self.browser_id
    }

    pub(super) fn is_new_browser(&self) -> bool {
        self.is_new_browser
    }

    /// Returns the value of the session cookie, valid or not.
    pub(crate) fn session_cookie(&self) -> Option<&str> {
        self.session.as_deref()
    }

    /// Returns the valid session of a user who still exists.
    pub(crate) fn session(
        &self,
        provider: &Provider,
        state: &State,
        now: UnixTime,
    ) -> Option<Session> {
        let session = state.records.sessions.get(self.session.as_deref()?, now)?;
        provider.config().user(&session.subject)?;
        Some(session.clone())
    }

    /// Adds the cookie that identifies a new browser to the response.
    pub(crate) fn with_browser_id(&self, response: impl IntoResponse) -> Response {
        let mut response = response.into_response();
        if self.is_new_browser {
            let id = &self.browser_id;
            let cookie = format!("{BROWSER_COOKIE}={id}; Path=/; HttpOnly; SameSite=Lax");
            set_cookie(&mut response, &cookie);
        }
        response
    }

    /// Adds the cookie of a new session to the response.
    ///
    /// It is not `Secure`: the demo runs on http://127.0.0.1, where some
    /// browsers do not store secure cookies. It is `SameSite=Lax`, because
    /// clients on other sites navigate users to the provider.
    pub(crate) fn with_session(
        &self,
        value: &str,
        framing: Framing,
        response: impl IntoResponse,
    ) -> Response {
        let mut response = self.with_browser_id(response);
        set_cookie(&mut response, &session_cookie(framing, value, ""));
        response
    }

    /// Adds the removal of the session cookie to the response.
    pub(crate) fn without_session(framing: Framing, response: impl IntoResponse) -> Response {
        let mut response = response.into_response();
        set_cookie(&mut response, &session_cookie(framing, "", "; Max-Age=0"));
        response
    }
}

fn session_cookie(framing: Framing, value: &str, attributes: &str) -> String {
    let same_site = match framing {
        Framing::Refused => "SameSite=Lax",
        Framing::Silent => "SameSite=None; Secure",
    };
    format!("{SESSION_COOKIE}={value}; Path=/; HttpOnly; {same_site}{attributes}")
}

fn set_cookie(response: &mut Response, cookie: &str) {
    if let Ok(value) = HeaderValue::from_str(cookie) {
        response.headers_mut().append(header::SET_COOKIE, value);
    }
}

fn cookie(headers: &HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(own, _)| *own == name)
        .map(|(_, value)| value.to_owned())
}
