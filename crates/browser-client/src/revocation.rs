//! Token revocation (RFC 7009).

use crate::{
    http::Request, platform::Platform, provider::discovery::Discovery, token::grant::Grant,
    transport::Transport,
};
use confidant_wire::Party;
use std::rc::Rc;

/// Revokes grants at the provider.
#[derive(Clone)]
pub(crate) struct Revocation<P> {
    discovery: Discovery<P>,
    transport: Transport<P>,
    client_id: Rc<str>,
}

impl<P: Platform> Revocation<P> {
    pub(crate) fn new(discovery: Discovery<P>, transport: Transport<P>, client_id: &str) -> Self {
        Self {
            discovery,
            transport,
            client_id: client_id.into(),
        }
    }

    /// Revokes a grant (section 2.1). Returns whether the provider confirmed it.
    pub(crate) async fn revoke(&self, grant: &Grant) -> bool {
        let Ok(metadata) = self.discovery.metadata().await else {
            return false;
        };
        let Some(endpoint) = &metadata.revocation_endpoint else {
            return false;
        };
        // Revoking the refresh token revokes its access tokens too.
        let (token, hint) = match &grant.refresh_token {
            Some(token) => (token, "refresh_token"),
            None => (&grant.access_token, "access_token"),
        };
        let fields = [
            ("token", token.as_str()),
            ("token_type_hint", hint),
            ("client_id", &self.client_id),
        ];
        let request = Request::form(endpoint, &fields);
        let result = self.transport.send(Party::Provider, &request).await;
        result.is_ok_and(|response| response.status == 200)
    }
}
