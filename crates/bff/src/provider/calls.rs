//! Token validation and revocation.

use super::{client::ProviderClient, context, metadata::Metadata};
use crate::{
    grant::{AccessToken, Grant, GrantId},
    http_client::{Call, TransportError},
};
use confidant_protocol::provider_profile::TokenValidation;
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
        match self.profile.validation {
            TokenValidation::Introspection => self.introspect(metadata, grant, token).await,
            TokenValidation::Tokeninfo(address) => {
                let url = match &metadata.tokeninfo_endpoint {
                    Some(url) => url.clone(),
                    None => Url::parse(address).map_err(|_| CallError::NotOffered)?,
                };
                self.tokeninfo(url, grant, token).await
            }
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

    /// Revokes the grant's tokens (RFC 7009): the refresh token, and with it its
    /// access tokens; without a refresh token, the access token. Returns
    /// whether the provider confirmed the revocation.
    pub(crate) async fn revoke(&self, metadata: &Metadata, grant: &Grant) -> bool {
        let Some(endpoint) = &metadata.endpoints.revocation_endpoint else {
            return false;
        };
        let token = match &grant.tokens.refresh_token {
            Some(token) => oauth2::RefreshToken::new(token.clone()).into(),
            None => match grant.tokens.access.first() {
                Some(cached_token) => {
                    oauth2::AccessToken::new(cached_token.token.secret.clone()).into()
                }
                None => return false,
            },
        };
        // `oauth2` accepts only https here. For a provider on this machine, the
        // call replaces the address when the request is sent.
        let mut secure = metadata.clone();
        if endpoint.scheme() == "http" {
            let https = endpoint.as_str().replacen("http:", "https:", 1);
            secure.endpoints.revocation_endpoint = Url::parse(&https).ok();
        }
        let protocol = self.protocol(&secure);
        let Ok(request) = protocol.revoke_token(token) else {
            return false;
        };
        let call =
            Call::new(&self.http, context::about(&grant.id)).to(endpoint.as_str().parse().ok());
        request.request_async(&call).await.is_ok()
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
