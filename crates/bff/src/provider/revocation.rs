//! Token revocation (RFC 7009).

use super::{client::ProviderClient, context, metadata::Metadata};
use crate::{grant::Grant, http_client::Call};
use confidant_protocol::provider_profile::RevocationStyle;
use url::Url;

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
                        == Some(true)
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
}
