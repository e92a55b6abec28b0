//! The confidential client.

pub mod settings;

use http::{HeaderMap, HeaderValue};
use wire::*;

/// What a request brought along: its cookies and where it came from.
#[derive(Clone, Debug, Default)]
pub struct Visit {
    cross_site: bool,
}

impl Visit {
    /// Reads the cookies and `Sec-Fetch-Site`.
    pub fn from_headers(headers: &HeaderMap) -> Self {
        let _ = headers;
        Self::default()
    }
}

/// A body, and the cookies to set with it.
#[derive(Clone, Debug)]
pub struct Answer<T> {
    /// The body.
    pub body: T,
    /// Values of `Set-Cookie`.
    pub cookies: Vec<HeaderValue>,
}

/// What the provider's redirect carried (RFC 6749, section 4.1.2; RFC 9207).
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

/// The confidential client; cheap to clone.
#[derive(Clone, Debug)]
pub struct Bff;

impl Bff {
    /// The providers on offer.
    pub fn providers(&self) -> Vec<ProviderView> {
        todo!()
    }
    /// Begins a sign-in.
    pub async fn start_login(
        &self,
        _visit: &Visit,
        _provider: &str,
        _kind: &str,
        _return_to: &str,
    ) -> Result<Answer<LoginStarted>, Problem> {
        todo!()
    }
    /// Finishes a sign-in.
    pub async fn finish_login(
        &self,
        _visit: &Visit,
        _response: AuthorizationResponse,
    ) -> Result<Answer<LoginFinished>, Problem> {
        todo!()
    }
    /// Who is signed in.
    pub async fn session(&self, _visit: &Visit) -> Result<SessionView, Problem> {
        todo!()
    }
    /// The token view.
    pub async fn token(&self, _visit: &Visit) -> Result<TokenView, Problem> {
        todo!()
    }
    /// Explicit refresh.
    pub async fn refresh(&self, _visit: &Visit) -> Result<TokenView, Problem> {
        todo!()
    }
    /// Forced expiry.
    pub async fn expire(&self, _visit: &Visit) -> Result<TokenView, Problem> {
        todo!()
    }
    /// The provider's userinfo.
    pub async fn profile(&self, _visit: &Visit) -> Result<Claims, Problem> {
        todo!()
    }
    /// What the provider says of the token.
    pub async fn validate(&self, _visit: &Visit) -> Result<Validation, Problem> {
        todo!()
    }
    /// Ends the session.
    pub async fn logout(&self, _visit: &Visit) -> Result<Answer<SignedOut>, Problem> {
        todo!()
    }
    /// What the session's last action did and what travelled.
    pub async fn report(&self, _visit: &Visit) -> Result<Report, Problem> {
        todo!()
    }
}
