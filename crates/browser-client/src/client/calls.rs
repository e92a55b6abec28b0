//! Using the token.

use super::PublicClient;
use crate::{
    Error,
    client::fetch::refused,
    error::{
        Kind,
        catalog::{not_offered, unreadable},
    },
    http::{Request, Response},
    platform::Platform,
    settings::Sender,
    token::Grant,
};
use confidant_protocol::refresh_policy::Freshness;
use confidant_wire::{Cause, Claims, Party, Validation, ValidationMethod};

/// What an API answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The media type and its parameters.
    pub content_type: String,
    /// The body.
    pub body: String,
}

impl Answer {
    pub(crate) fn of(response: Response) -> Self {
        Self {
            status: response.status,
            content_type: response.content_type,
            body: response.body,
        }
    }
}

impl<P: Platform> PublicClient<P> {
    /// What the provider says of the person (OIDC Core, section 5.3), with
    /// automatic refresh.
    ///
    /// # Errors
    /// [`Kind::NotOffered`] where there is no userinfo endpoint.
    pub async fn profile(&self) -> Result<Claims, Error> {
        let metadata = self.metadata().await?;
        let url = metadata.userinfo_endpoint.clone().ok_or_else(not_offered)?;
        let response = self.authorized(Party::Provider, get(&url)).await?;
        claims(&response)
    }

    /// What the provider says of the token in hand: by its tokeninfo endpoint,
    /// or by whether userinfo takes the token. Nothing is refreshed for it.
    ///
    /// # Errors
    /// [`Kind::NotOffered`] where there is neither.
    pub async fn validate(&self) -> Result<Validation, Error> {
        let metadata = self.metadata().await?;
        let grant = self.load().await?.into_grant()?;
        let (by, response) = match (&metadata.tokeninfo_endpoint, &metadata.userinfo_endpoint) {
            (Some(url), _) => {
                let mut query = form_urlencoded::Serializer::new(String::new());
                query.append_pair("access_token", &grant.access_token);
                let request = get(&format!("{url}?{}", query.finish()));
                let answer = self.send(Party::Provider, &request).await;
                (ValidationMethod::Tokeninfo, answer.map_err(Error::from)?)
            }
            (None, Some(url)) => {
                let answer = self.try_with(Party::Provider, &get(url), &grant).await?;
                (ValidationMethod::Userinfo, answer)
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
            // What tokeninfo and what userinfo say to a token that is no good.
            (400 | 401, answer) => Ok(Validation {
                active: false,
                by,
                answer: answer.unwrap_or_default(),
            }),
            (200, Err(_)) => Err(unreadable("the token")),
            _ => Err(refused(&response)),
        }
    }

    /// Calls one of the APIs in the settings with the token, and once more
    /// with a newer one if that is answered by 401. A body is sent as JSON.
    ///
    /// # Errors
    /// [`Kind::UnknownApi`] for any other address, [`Kind::ApiUnavailable`]
    /// where no answer can be read. An API's own errors are answers.
    pub async fn call(
        &self,
        url: &str,
        method: &'static str,
        body: Option<String>,
    ) -> Result<Answer, Error> {
        let request = self.api_request(url, method, body)?;
        let response = self.authorized(Party::Api, request).await?;
        Ok(Answer::of(response))
    }

    /// A request to one of the APIs in the settings.
    pub(crate) fn api_request(
        &self,
        url: &str,
        method: &'static str,
        body: Option<String>,
    ) -> Result<Request, Error> {
        if !self.inner.settings.apis.iter().any(|api| api.covers(url)) {
            let message = "This address is not one of the APIs that may get the token.";
            return Err(Error::new(Kind::UnknownApi, message));
        }
        let mut request = get(url);
        request.method = method;
        if body.is_some() {
            let json = "application/json".to_owned();
            request.headers.push(("content-type", json));
            request.body = body;
        }
        Ok(request)
    }

    /// Sends a request with a good token. A token that is refused though it
    /// looks fresh is refreshed, and the request sent once more.
    async fn authorized(&self, to: Party, request: Request) -> Result<Response, Error> {
        let grant = self.current(Freshness::Valid, Cause::Automatic).await?;
        let response = self.try_with(to, &request, &grant).await?;
        if response.status != 401 {
            return Ok(response);
        }
        let newer = Freshness::NewerThan(grant.serial);
        match self.current(newer, Cause::Automatic).await {
            Ok(grant) => self.try_with(to, &request, &grant).await,
            // There is none to be had: what was answered stands.
            Err(why) if why.kind == Kind::NoRefreshToken => Ok(response),
            Err(why) => Err(why),
        }
    }

    async fn try_with(
        &self,
        to: Party,
        request: &Request,
        grant: &Grant,
    ) -> Result<Response, Error> {
        let scheme = match self.inner.settings.sender {
            Sender::Bearer => "Bearer",
            Sender::Dpop => "DPoP",
        };
        let token = grant.access_token.as_str();
        let mut request = request.clone();
        let credentials = format!("{scheme} {token}");
        request.headers.push(("authorization", credentials));
        let answer = self.send_proved(to, request, Some(token)).await?;
        answer.map_err(|none| match to {
            Party::Api => api_silent(),
            _ => none.into(),
        })
    }
}

/// The error of an API that gave no answer.
pub(crate) fn api_silent() -> Error {
    Error::new(
        Kind::ApiUnavailable,
        "The API gave no answer, or its CORS headers are missing: the browser does not say which.",
    )
}

fn get(url: &str) -> Request {
    Request {
        method: "GET",
        url: url.to_owned(),
        headers: vec![("accept", "application/json".into())],
        body: None,
        cached: false,
    }
}

fn claims(response: &Response) -> Result<Claims, Error> {
    if response.status != 200 {
        return Err(match response.status {
            401 => Error::new(
                Kind::ProviderMisbehaved,
                "The provider refuses a token that looks fresh.",
            ),
            _ => refused(response),
        });
    }
    serde_json::from_str(&response.body).map_err(|_| unreadable("the person"))
}
