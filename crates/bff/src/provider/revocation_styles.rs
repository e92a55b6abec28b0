//! Revocation at providers that have no endpoint of RFC 7009.

use super::{client::ProviderClient, context, metadata::Metadata};
use crate::grant::GrantId;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use confidant_protocol::{provider_profile::RevocationStyle, token_error::error_code};
use http::{
    Method, Request,
    header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE},
};

/// The placeholder of a revocation endpoint, as the URL parser writes it.
const CLIENT_ID: &str = "%7Bclient_id%7D";

impl ProviderClient {
    /// Revokes this access token, and with it the grant, in the way of the profile.
    /// Returns whether the provider confirmed it; `None` if it may do so later.
    pub(crate) async fn revoke_by_access_token(
        &self,
        metadata: &Metadata,
        grant: &GrantId,
        token: &str,
    ) -> Option<bool> {
        let Some(endpoint) = &metadata.endpoints.revocation_endpoint else {
            return Some(false);
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
            return Some(false);
        };
        let response = self.http.send(context::about(grant), request).await.ok()?;
        let is_busy = response.status() == 429 || response.status().is_server_error();
        let claims = serde_json::from_slice(response.body()).unwrap_or_default();
        // Slack refuses with status 200.
        let is_confirmed = response.status().is_success() && error_code(&claims).is_none();
        (!is_busy).then_some(is_confirmed)
    }
}
