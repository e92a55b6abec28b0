//! The browser at the other end: its cookies, and forms that are its own.

pub(crate) mod form;

use axum::{
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};

use crate::{
    clock::UnixTime,
    config::Framing,
    digest::Digest,
    oauth::parameters::Parameters,
    provider::{Provider, State},
    randomness::random_token,
    records::session::Session,
};

/// Tells one browser from another, signed in or not; forms are bound to it.
const BROWSER_COOKIE: &str = "meridian_browser";
/// The session of the person who is signed in.
const SESSION_COOKIE: &str = "meridian_session";

/// What a form is for, so that a token for one is no good for another.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Purpose {
    Login,
    Consent,
    SignOut,
}

/// The browser that sent a request.
pub(crate) struct Browser {
    id: String,
    is_new: bool,
    session: Option<String>,
}

/// Whether the request is for a frame inside another page.
pub(crate) fn framed(headers: &HeaderMap) -> bool {
    let destination = headers.get("sec-fetch-dest");
    let destination = destination.and_then(|value| value.to_str().ok());
    matches!(
        destination,
        Some("iframe" | "frame" | "fencedframe" | "embed" | "object")
    )
}

impl Browser {
    pub(crate) fn from_headers(provider: &Provider, headers: &HeaderMap) -> Self {
        let id = cookie(headers, BROWSER_COOKIE);
        Self {
            is_new: id.is_none(),
            id: id.unwrap_or_else(|| random_token(provider.randomness(), "mbrowser_")),
            session: cookie(headers, SESSION_COOKIE),
        }
    }

    /// The value of the session cookie, whatever it is worth.
    pub(crate) fn session_cookie(&self) -> Option<&str> {
        self.session.as_deref()
    }

    /// The live session of a person that still exists.
    pub(crate) fn session(
        &self,
        provider: &Provider,
        state: &State,
        now: UnixTime,
    ) -> Option<Session> {
        let session = state.records.session(self.session.as_deref()?, now)?;
        provider.config().user(&session.subject)?;
        Some(session.clone())
    }

    /// What goes into the hidden field of a form for `purpose` about `content`.
    /// Another site can neither read it nor make it (CSRF).
    pub(crate) fn form_token(
        &self,
        provider: &Provider,
        purpose: Purpose,
        content: &str,
    ) -> String {
        let session = match purpose {
            // A login form that lies open while another tab signs in is
            // still good; it only signs in once more.
            Purpose::Login => "",
            Purpose::Consent | Purpose::SignOut => self.session.as_deref().unwrap_or_default(),
        };
        let purpose = match purpose {
            Purpose::Login => "login",
            Purpose::Consent => "consent",
            Purpose::SignOut => "sign out",
        };
        let parts = [provider.form_key(), &self.id, purpose, session, content];
        Digest::of_fields(&parts.map(str::as_bytes)).base64url()
    }

    /// Whether this browser sent the form that it was given.
    pub(crate) fn sent(
        &self,
        provider: &Provider,
        purpose: Purpose,
        content: &str,
        form: &Parameters,
    ) -> bool {
        let own = self.form_token(provider, purpose, content);
        let presented = form.get("form_token").unwrap_or_default();
        !self.is_new && Digest::of(&own).matches(&Digest::of(presented))
    }

    /// The answer, with the cookie that later requests are known by.
    pub(crate) fn keep(&self, answer: impl IntoResponse) -> Response {
        let mut response = answer.into_response();
        if self.is_new {
            let attributes = "Path=/; HttpOnly; SameSite=Lax";
            set(
                &mut response,
                &format!("{BROWSER_COOKIE}={}; {attributes}", self.id),
            );
        }
        response
    }

    /// The answer, with the cookie of a session that has just begun.
    ///
    /// Without `Secure`, because the demo is http://127.0.0.1, where not every
    /// browser stores such a cookie. `Lax`, because clients on other sites
    /// send people here by navigation.
    pub(crate) fn signed_in(&self, provider: &Provider, value: &str, answer: Response) -> Response {
        let mut response = self.keep(answer);
        set(&mut response, &session_cookie(provider, value, ""));
        response
    }

    /// The answer, with the session's cookie taken away.
    pub(crate) fn signed_out(&self, provider: &Provider, answer: Response) -> Response {
        let mut response = answer;
        set(&mut response, &session_cookie(provider, "", "; Max-Age=0"));
        response
    }
}

fn session_cookie(provider: &Provider, value: &str, more: &str) -> String {
    let same_site = match provider.framing() {
        Framing::Refused => "SameSite=Lax",
        Framing::Silent => "SameSite=None; Secure",
    };
    format!("{SESSION_COOKIE}={value}; Path=/; HttpOnly; {same_site}{more}")
}

fn set(response: &mut Response, cookie: &str) {
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
