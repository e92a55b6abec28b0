//! Token validation.

use super::{client::ProviderClient, context, metadata::Metadata};
use crate::{
    grant::{AccessToken, GrantId},
    http_client::{Call, TransportError},
};
use confidant_protocol::{provider_profile::TokenValidation, token_error::error_code};
use confidant_wire::{Claims, Validation, ValidationMethod};
use http::{Request, Response, StatusCode};
use oauth2::RequestTokenError;
use serde_json::Value;
use url::Url;

/// Why a call to the provider failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// The provider does not accept the token.
    #[error("the provider does not accept the token")]
    Unauthorized,
    /// The token has no scope for the request.
    #[error("the token has no scope for the request")]
    Forbidden,
    /// The provider has no such endpoint.
    #[error("the provider has no such endpoint")]
    NotOffered,
    /// The provider cannot be reached, or is busy.
    #[error("the provider does not respond")]
    Unavailable,
    /// The response is malformed.
    #[error("the provider's response makes no sense")]
    Nonsense,
    /// The response is about another user.
    #[error("the provider's response is about another user")]
    OtherUser,
}

impl From<TransportError> for CallError {
    fn from(error: TransportError) -> Self {
        match error {
            TransportError::NotSent | TransportError::Lost => Self::Unavailable,
            TransportError::TooLarge => Self::Nonsense,
        }
    }
}

impl ProviderClient {
    /// Asks the provider whether the token is valid, as its profile says.
    ///
    /// # Errors
    /// If the provider does not say.
    pub(crate) async fn validate(
        &self,
        metadata: &Metadata,
        grant: &GrantId,
        token: &AccessToken,
    ) -> Result<Validation, CallError> {
        match &self.profile.validation {
            TokenValidation::Introspection => self.introspect(metadata, grant, token).await,
            TokenValidation::Tokeninfo(address) => {
                let url = match &metadata.tokeninfo_endpoint {
                    Some(url) => url.clone(),
                    None => Url::parse(address).map_err(|_| CallError::NotOffered)?,
                };
                self.tokeninfo(url, grant, token).await
            }
            TokenValidation::Userinfo => self.ask_userinfo(metadata, grant, token).await,
        }
    }

    async fn introspect(
        &self,
        metadata: &Metadata,
        grant: &GrantId,
        token: &AccessToken,
    ) -> Result<Validation, CallError> {
        let protocol = self.protocol(metadata);
        let secret = oauth2::AccessToken::new(token.secret.clone());
        let request = protocol
            .introspect(&secret)
            .map_err(|_| CallError::NotOffered)?
            .set_token_type_hint("access_token");
        let call = Call::new(&self.http, context::about(grant));
        match (request.request_async(&call).await, call.response()) {
            (Ok(standard), Some(response)) => Ok(Validation {
                active: oauth2::TokenIntrospectionResponse::active(&standard),
                by: ValidationMethod::Introspection,
                answer: object(&response)?,
            }),
            (Err(RequestTokenError::Request(error)), _) => Err(error.into()),
            _ => Err(CallError::Nonsense),
        }
    }

    async fn tokeninfo(
        &self,
        mut url: Url,
        grant: &GrantId,
        token: &AccessToken,
    ) -> Result<Validation, CallError> {
        url.query_pairs_mut()
            .append_pair("access_token", &token.secret);
        let request = Request::get(url.as_str())
            .body(Vec::new())
            .map_err(|_| CallError::Nonsense)?;
        let response = self.http.send(context::about(grant), request).await?;
        // Google answers with 400 and an error if the token is not valid.
        let active = response.status() == StatusCode::OK;
        let claims = match response.status() {
            StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED => {
                serde_json::from_slice(response.body()).map_err(|_| CallError::Nonsense)?
            }
            _ => object(&response)?,
        };
        Ok(Validation {
            active,
            by: ValidationMethod::Tokeninfo,
            answer: claims,
        })
    }

    /// Asks whether userinfo accepts the token.
    async fn ask_userinfo(
        &self,
        metadata: &Metadata,
        grant: &GrantId,
        token: &AccessToken,
    ) -> Result<Validation, CallError> {
        let response = self.request_userinfo(metadata, grant, token).await?;
        let answer = match response.status() {
            StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED => {
                let answer = serde_json::from_slice(response.body());
                return Ok(Validation {
                    active: false,
                    by: ValidationMethod::Userinfo,
                    answer: answer.unwrap_or_default(),
                });
            }
            _ => object(&response)?,
        };
        Ok(Validation {
            active: error_code(&answer).is_none(),
            by: ValidationMethod::Userinfo,
            answer,
        })
    }
}

/// Returns the JSON object of a successful response.
fn object(response: &Response<Vec<u8>>) -> Result<Claims, CallError> {
    match response.status().as_u16() {
        200 => match serde_json::from_slice(response.body()) {
            Ok(Value::Object(claims)) => Ok(claims),
            _ => Err(CallError::Nonsense),
        },
        401 => Err(CallError::Unauthorized),
        429 | 500.. => Err(CallError::Unavailable),
        _ => Err(CallError::Nonsense),
    }
}
