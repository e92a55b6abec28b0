//! Token revocation (RFC 7009), and the ways of providers that have their own.

use super::{client::ProviderClient, context, metadata::Metadata};
use crate::{
    grant::{Grant, GrantId},
    http_client::Call,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use confidant_protocol::{provider_profile::RevocationStyle, token_error::error_code};
use http::{
    Method, Request,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE},
};
use url::Url;

/// The placeholder of a revocation endpoint, as the URL parser writes it.
const CLIENT_ID: &str = "%7Bclient_id%7D";

impl ProviderClient {
    /// Revokes the grant's tokens: the refresh token, and with it its access
    /// tokens; without a refresh token, the access token. Returns whether the
    /// provider confirmed the revocation.
    pub(crate) async fn revoke(&self, metadata: &Metadata, grant: &Grant) -> bool {
        let access_token = grant.tokens.access.first();
        let access_token = access_token.map(|cached| cached.token.secret.as_str());
        if self.profile.revocation != RevocationStyle::Standard {
            return match access_token {
                Some(token) => {
                    self.revoke_by_access_token(metadata, &grant.id, token)
                        .await
                }
                None => false,
            };
        }
        let Some(endpoint) = &metadata.endpoints.revocation_endpoint else {
            return false;
        };
        let token = match (&grant.tokens.refresh_token, access_token) {
            (Some(token), _) => oauth2::RefreshToken::new(token.clone()).into(),
            (None, Some(token)) => oauth2::AccessToken::new(token.to_owned()).into(),
            (None, None) => return false,
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

    /// Revokes tokens at a provider that has no endpoint of RFC 7009. Returns
    /// whether the provider confirmed it.
    async fn revoke_by_access_token(
        &self,
        metadata: &Metadata,
        grant: &GrantId,
        token: &str,
    ) -> bool {
        let Some(endpoint) = &metadata.endpoints.revocation_endpoint else {
            return false;
        };
        let id = &self.settings.client_id;
        let address = endpoint.as_str().replace(CLIENT_ID, id);
        let bearer = format!("Bearer {token}");
        let (method, authorization, body) = match self.profile.revocation {
            RevocationStyle::BearerDelete => (Method::DELETE, bearer, Vec::new()),
            RevocationStyle::BearerPost | RevocationStyle::Standard => {
                (Method::POST, bearer, Vec::new())
            }
            RevocationStyle::JsonDelete => {
                let secret = self.settings.client_secret.reveal();
                let basic = format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")));
                let body = serde_json::json!({ "access_token": token });
                (Method::DELETE, basic, body.to_string().into_bytes())
            }
        };
        let mut request = Request::builder()
            .method(method)
            .uri(address)
            .header(ACCEPT, "application/json")
            .header(AUTHORIZATION, authorization);
        if !body.is_empty() {
            request = request.header(CONTENT_TYPE, "application/json");
        }
        let Ok(request) = request.body(body) else {
            return false;
        };
        match self.http.send(context::about(grant), request).await {
            Ok(response) => {
                let claims = serde_json::from_slice(response.body()).unwrap_or_default();
                // Slack refuses with status 200.
                response.status().is_success() && error_code(&claims).is_none()
            }
            Err(_) => false,
        }
    }
}
