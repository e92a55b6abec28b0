//! Userinfo (OpenID Connect Core 1.0, section 5.3): as a JSON object or as a
//! signed JWT, whatever media type it is sent with.

use super::{
    CallError, ProviderClient, context, identity::SignedTokenError, metadata::Metadata, refusal,
};
use crate::grant::{AccessToken, GrantId};
use confidant_protocol::{log_text::log_text, token_error::error_code};
use confidant_wire::Claims;
use http::{Method, Request, Response, header::AUTHORIZATION};
use serde_json::Value;

impl ProviderClient {
    /// Fetches the user's claims, as the provider's profile says.
    ///
    /// # Errors
    /// [`CallError::Unauthorized`] if the provider does not accept the token,
    /// [`CallError::Forbidden`] if the token lacks a scope.
    pub(crate) async fn userinfo(
        &self,
        metadata: &Metadata,
        grant: &GrantId,
        token: &AccessToken,
    ) -> Result<Claims, CallError> {
        let response = self.request_userinfo(metadata, grant, token).await?;
        if response.status() != 200 {
            let words = refusal::words(&response, &[&token.secret]);
            let provider = &self.settings.id;
            tracing::info!(%provider, status = response.status().as_u16(), words, "userinfo was refused");
        }
        match response.status().as_u16() {
            200 => {
                let claims = self.read_userinfo(metadata, &response).await?;
                // Slack refuses with status 200.
                match error_code(&claims) {
                    Some(_) => Err(CallError::Unauthorized),
                    None => Ok(claims),
                }
            }
            401 => Err(CallError::Unauthorized),
            403 => Err(CallError::Forbidden),
            404 => {
                self.expire_metadata();
                Err(CallError::Nonsense)
            }
            429 | 500.. => Err(CallError::Unavailable),
            _ => Err(CallError::Nonsense),
        }
    }

    /// Sends the request for the user's claims, and returns whatever comes.
    pub(super) async fn request_userinfo(
        &self,
        metadata: &Metadata,
        grant: &GrantId,
        token: &AccessToken,
    ) -> Result<Response<Vec<u8>>, CallError> {
        let url = metadata.endpoints.userinfo_endpoint.as_ref();
        let request = Request::builder()
            .method(match self.profile.userinfo.post {
                true => Method::POST,
                false => Method::GET,
            })
            .uri(url.ok_or(CallError::NotOffered)?.as_str())
            .header(AUTHORIZATION, format!("Bearer {}", token.secret))
            .body(Vec::new())
            .map_err(|_| CallError::Nonsense)?;
        Ok(self.http.send(context::about(grant), request).await?)
    }

    async fn read_userinfo(
        &self,
        metadata: &Metadata,
        response: &Response<Vec<u8>>,
    ) -> Result<Claims, CallError> {
        if let Ok(claims) = serde_json::from_slice(response.body()) {
            return Ok(claims);
        }
        let unusable = |cause: &str| {
            let provider = &self.settings.id;
            tracing::warn!(%provider, cause, "the userinfo cannot be used");
            CallError::Nonsense
        };
        let text = std::str::from_utf8(response.body());
        let text = text.map_err(|_| unusable("it is no text"))?.trim();
        match self.verify_signature(metadata, text).await {
            Ok((claims, _)) if self.is_for_this_client(metadata, &claims) => Ok(claims),
            Ok(_) => Err(unusable("its iss or aud is not the expected one")),
            Err(SignedTokenError::Keys(error)) => {
                unusable(&log_text(&error.to_string()));
                Err(CallError::Unavailable)
            }
            Err(SignedTokenError::Signature(error)) => Err(unusable(&error.to_string())),
        }
    }

    /// Whether signed claims come from this provider and are for this client,
    /// as far as they say so (section 5.3.2).
    fn is_for_this_client(&self, metadata: &Metadata, claims: &Claims) -> bool {
        let client = &self.settings.client_id;
        let is_issuer = |issuer: &Value| self.issuers(metadata).iter().any(|one| issuer == one);
        let is_audience = |audience: &Value| match audience {
            Value::Array(all) => all.iter().any(|one| one == client),
            one => one == client,
        };
        claims.get("iss").is_none_or(is_issuer) && claims.get("aud").is_none_or(is_audience)
    }
}
