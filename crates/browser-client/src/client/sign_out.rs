//! Signing out: here, then at the provider.

use super::PublicClient;
use crate::{
    Error,
    platform::Platform,
    token::{Grant, stored::Stored},
};
use confidant_wire::Party;

/// The session is over.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignedOut {
    /// Whether the provider confirmed the revocation (RFC 7009).
    pub revoked: bool,
    /// Where the page goes to sign out at the provider too (OIDC RP-Initiated
    /// Logout), if it has that.
    pub end_session_url: Option<String>,
}

impl<P: Platform> PublicClient<P> {
    /// Forgets the tokens, here first and in any case; then revokes them at
    /// the provider. A refresh under way is waited for, so that it cannot bring
    /// the session back.
    ///
    /// # Errors
    /// Where the storage is blocked. A provider that cannot be reached is told
    /// by `revoked`.
    pub async fn sign_out(&self) -> Result<SignedOut, Error> {
        let stored = self
            .locked(|client| async move {
                let stored = client.load_newest().await?;
                client.clear().await?;
                let id = match &stored {
                    Stored::Grant(grant) => Some(grant.id.as_str()),
                    _ => None,
                };
                client.enter_over(id).await;
                Ok(stored)
            })
            .await?;
        self.note(|journal| journal.changed(None));
        let Ok(metadata) = self.metadata().await else {
            return Ok(SignedOut::default());
        };
        let revoked = match (&stored, &metadata.revocation_endpoint) {
            (Stored::Grant(grant), Some(endpoint)) => self.revoke(endpoint, grant).await,
            _ => false,
        };
        let endpoint = metadata.end_session_endpoint.as_deref();
        Ok(SignedOut {
            revoked,
            end_session_url: endpoint.map(|endpoint| self.end_session_url(endpoint)),
        })
    }

    async fn revoke(&self, endpoint: &str, grant: &Grant) -> bool {
        // The refresh token takes its access tokens with it (section 2.1).
        let (token, hint) = match &grant.refresh_token {
            Some(token) => (token, "refresh_token"),
            None => (&grant.access_token, "access_token"),
        };
        let fields = [
            ("token", token.as_str()),
            ("token_type_hint", hint),
            ("client_id", &self.inner.settings.client_id),
        ];
        let request = Self::form(endpoint, &fields);
        let answer = self.send(Party::Provider, &request).await;
        answer.is_ok_and(|response| response.status == 200)
    }

    /// The ID token stays here: an address is seen by too many.
    pub(crate) fn end_session_url(&self, endpoint: &str) -> String {
        let settings = &self.inner.settings;
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.append_pair("client_id", &settings.client_id);
        if let Some(uri) = &settings.post_logout_redirect_uri {
            query.append_pair("post_logout_redirect_uri", uri);
        }
        let separator = if endpoint.contains('?') { '&' } else { '?' };
        format!("{endpoint}{separator}{}", query.finish())
    }
}
