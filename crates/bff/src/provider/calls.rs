//! Userinfo, validation and revocation.

use super::{DEADLINE, Metadata, ProviderClient, Validate};
use crate::{
    grant::{AccessToken, Grant, GrantId},
    http_client::{Call, RequestContext, TransportError},
};
use confidant_wire::{Claims, Party, Validation, ValidationMethod};
use http::{Request, Response, StatusCode, header::AUTHORIZATION};
use oauth2::RequestTokenError;
use serde_json::Value;
use url::Url;

/// A call to the provider did not succeed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CallError {
    /// It does not accept the token.
    #[error("the provider does not accept the token")]
    Unauthorized,
    /// It has no such endpoint.
    #[error("the provider has no such endpoint")]
    NotOffered,
    /// It cannot be reached, or is busy.
    #[error("the provider does not answer")]
    Unavailable,
    /// It answered what makes no sense.
    #[error("the provider's answer makes no sense")]
    Nonsense,
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
    /// OpenID Connect Core 1.0, section 5.3.
    ///
    /// # Errors
    /// [`CallError::Unauthorized`] when the provider refuses the token.
    pub(crate) async fn userinfo(
        &self,
        metadata: &Metadata,
        grant: &GrantId,
        token: &AccessToken,
    ) -> Result<Claims, CallError> {
        let url = metadata.endpoints.userinfo_endpoint.as_ref();
        let request = Request::get(url.ok_or(CallError::NotOffered)?.as_str())
            .header(AUTHORIZATION, format!("Bearer {}", token.secret))
            .body(Vec::new())
            .map_err(|_| CallError::Nonsense)?;
        object(&self.http.send(self.leg(grant), request).await?)
    }

    /// Asks what the provider thinks of the token, in its profile's way.
    ///
    /// # Errors
    /// When it does not say.
    pub(crate) async fn validate(
        &self,
        metadata: &Metadata,
        grant: &GrantId,
        token: &AccessToken,
    ) -> Result<Validation, CallError> {
        match self.profile.validate {
            Validate::Introspection => self.introspect(metadata, grant, token).await,
            Validate::Tokeninfo(address) => {
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
        let call = Call::new(&self.http, self.leg(grant));
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
        let response = self.http.send(self.leg(grant), request).await?;
        // A token that is not good is answered with 400 and an error.
        let active = response.status() == StatusCode::OK;
        let answer = match response.status() {
            StatusCode::BAD_REQUEST | StatusCode::UNAUTHORIZED => {
                serde_json::from_slice(response.body()).map_err(|_| CallError::Nonsense)?
            }
            _ => object(&response)?,
        };
        Ok(Validation {
            active,
            by: ValidationMethod::Tokeninfo,
            answer,
        })
    }

    /// Revokes the grant's tokens (RFC 7009): the refresh token where there is
    /// one, which takes the access tokens along, the access token otherwise.
    /// Says whether the provider confirmed it.
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
        // `oauth2` insists on https here. For a provider on this machine the
        // scheme is put back when the request leaves.
        let mut secure = metadata.clone();
        if endpoint.scheme() == "http" {
            let https = endpoint.as_str().replacen("http:", "https:", 1);
            secure.endpoints.revocation_endpoint = Url::parse(&https).ok();
        }
        let protocol = self.protocol(&secure);
        let Ok(request) = protocol.revoke_token(token) else {
            return false;
        };
        let call = Call::new(&self.http, self.leg(&grant.id)).to(endpoint.as_str().parse().ok());
        request.request_async(&call).await.is_ok()
    }

    fn leg<'a>(&self, grant: &'a GrantId) -> RequestContext<'a> {
        RequestContext {
            to: Party::Provider,
            grant: Some(grant),
            deadline: DEADLINE,
        }
    }
}

/// The JSON object of a good answer.
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
