//! Requests with the access token (RFC 6750, section 2.1; RFC 9449,
//! section 7.1).

use crate::{
    Error, ErrorKind,
    api_prefix::ApiPrefix,
    dpop::transport::ProofTransport,
    error::catalog::{not_offered, profile_of_other_user, unexpected_response, unreadable},
    grant_store::GrantStore,
    http::{Request, Response},
    platform::Platform,
    provider::discovery::Discovery,
    refresh::refresher::Refresher,
    settings::TokenBinding,
    token::grant::Grant,
    transport::Transport,
};
use confidant_protocol::id_token::names;
use confidant_protocol::refresh_policy::Freshness;
use confidant_wire::{Cause, Claims, Party, Validation, ValidationMethod};

/// The response of an API.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiResponse {
    /// The status.
    pub status: u16,
    /// The media type and its parameters.
    pub content_type: String,
    /// The body.
    pub body: String,
}

impl From<Response> for ApiResponse {
    fn from(response: Response) -> Self {
        Self {
            status: response.status,
            content_type: response.content_type,
            body: response.body,
        }
    }
}

/// Sends requests with the access token.
#[derive(Clone)]
pub(crate) struct Resources<P> {
    pub(crate) refresher: Refresher<P>,
    pub(crate) grants: GrantStore<P>,
    pub(crate) discovery: Discovery<P>,
    pub(crate) transport: Transport<P>,
    pub(crate) proof_transport: ProofTransport<P>,
    pub(crate) binding: TokenBinding,
}

impl<P: Platform> Resources<P> {
    /// Returns what the provider says about the user (OpenID Connect Core 1.0,
    /// section 5.3).
    ///
    /// # Errors
    /// [`ErrorKind::NotOffered`] if the provider has no userinfo endpoint.
    pub(crate) async fn profile(&self) -> Result<Claims, Error> {
        let metadata = self.discovery.metadata().await?;
        let url = metadata.userinfo_endpoint.as_deref();
        let url = url.ok_or_else(not_offered)?;
        let response = self.send(Party::Provider, Request::get(url)).await?;
        let claims = claims(&response)?;
        // Section 5.3.2.
        let user = self.grants.load().await?.into_grant()?.subject;
        match names::subject(&claims) {
            Some(subject) if !user.is_empty() && subject != user => Err(profile_of_other_user()),
            _ => Ok(claims),
        }
    }

    /// Asks the provider whether the access token is valid: by its tokeninfo
    /// endpoint, or by whether userinfo accepts the token. Refreshes nothing.
    ///
    /// # Errors
    /// [`ErrorKind::NotOffered`] if the provider has neither.
    pub(crate) async fn validate(&self) -> Result<Validation, Error> {
        let metadata = self.discovery.metadata().await?;
        let grant = self.grants.load().await?.into_grant()?;
        let (by, response) = match (&metadata.tokeninfo_endpoint, &metadata.userinfo_endpoint) {
            (Some(url), _) => {
                let mut query = form_urlencoded::Serializer::new(String::new());
                query.append_pair("access_token", &grant.access_token);
                let request = Request::get(&format!("{url}?{}", query.finish()));
                let response = self.transport.send(Party::Provider, &request).await?;
                (ValidationMethod::Tokeninfo, response)
            }
            (None, Some(url)) => {
                let request = Request::get(url);
                let response = self.send_with(Party::Provider, &request, &grant).await?;
                (ValidationMethod::Userinfo, response)
            }
            (None, None) => return Err(not_offered()),
        };
        let answer = serde_json::from_str(&response.body);
        match (response.status, answer) {
            (200, Ok(answer)) => Ok(Validation {
                active: true,
                by,
                answer,
            }),
            // How tokeninfo and userinfo refuse an invalid token.
            (400 | 401, answer) => Ok(Validation {
                active: false,
                by,
                answer: answer.unwrap_or_default(),
            }),
            (200, Err(_)) => Err(unreadable("the token")),
            _ => Err(unexpected_response(&response)),
        }
    }

    /// Sends a request with a valid token. If the API answers 401 to a token
    /// that looks fresh, refreshes the token and sends the request once more.
    ///
    /// # Errors
    /// If there is no token, or no response.
    pub(crate) async fn send(&self, to: Party, request: Request) -> Result<Response, Error> {
        let grant = self.refresher.current(Freshness::Valid, Cause::Automatic);
        let grant = grant.await?;
        let response = self.send_with(to, &request, &grant).await?;
        if response.status != 401 {
            return Ok(response);
        }
        let newer = Freshness::NewerThan(grant.serial);
        match self.refresher.current(newer, Cause::Automatic).await {
            Ok(grant) => self.send_with(to, &request, &grant).await,
            // There is no way to a newer token, so the response stands.
            Err(error) if error.kind == ErrorKind::NoRefreshToken => Ok(response),
            Err(error) => Err(error),
        }
    }

    async fn send_with(
        &self,
        to: Party,
        request: &Request,
        grant: &Grant,
    ) -> Result<Response, Error> {
        let scheme = match self.binding {
            TokenBinding::Bearer => "Bearer",
            TokenBinding::Dpop => "DPoP",
        };
        let token = grant.access_token.as_str();
        let mut request = request.clone();
        let credentials = format!("{scheme} {token}");
        request.headers.push(("authorization", credentials));
        let result = self.proof_transport.send(to, request, Some(token)).await?;
        result.map_err(|error| match to {
            Party::Api => api_unavailable(),
            _ => error.into(),
        })
    }
}

/// Returns a request to one of the APIs in the settings. A body is JSON.
///
/// # Errors
/// [`ErrorKind::UnknownApi`] for any other address.
pub(crate) fn api_request(
    apis: &[ApiPrefix],
    url: &str,
    method: &'static str,
    body: Option<String>,
) -> Result<Request, Error> {
    if !apis.iter().any(|api| api.covers(url)) {
        let message = "This address is not one of the APIs that may get the token.";
        return Err(Error::new(ErrorKind::UnknownApi, message));
    }
    let mut request = Request::get(url);
    request.method = method;
    if body.is_some() {
        let json = "application/json".to_owned();
        request.headers.push(("content-type", json));
        request.body = body;
    }
    Ok(request)
}

/// The API sent no response that the page may read.
pub(crate) fn api_unavailable() -> Error {
    Error::new(
        ErrorKind::ApiUnavailable,
        "The API gave no answer, or its CORS headers are missing: the browser does not say which.",
    )
}

fn claims(response: &Response) -> Result<Claims, Error> {
    match response.status {
        200 => serde_json::from_str(&response.body).map_err(|_| unreadable("the user")),
        401 => Err(Error::new(
            ErrorKind::ProviderMisbehaved,
            "The provider refuses a token that looks fresh.",
        )),
        _ => Err(unexpected_response(response)),
    }
}
