//! The code exchange (RFC 6749, section 4.1.3), and who the user is.

use super::{Login, LoginError, PendingLogin};
use crate::{
    BffError,
    grant::{Grant, GrantId, TokenRequirement, Tokens},
    provider::{
        CallError, Metadata, ProviderClient,
        identity::{Identity, from_userinfo},
    },
    store::GrantStore as _,
};
use confidant_protocol::{AuthorizationCode, Outcome};
use std::sync::Arc;

impl Login<'_> {
    /// Step 3: exchanges the code for a grant, and step 4: identifies the user.
    pub(super) async fn exchange_code(
        &self,
        provider: &ProviderClient,
        metadata: Arc<Metadata>,
        id: &GrantId,
        login: &PendingLogin,
        code: AuthorizationCode,
    ) -> Result<(Grant, Identity), BffError> {
        let sent_at = self.clock.now();
        let deadline = self.settings.timing.deadline;
        let outcome = provider
            .exchange_code(
                id,
                &metadata,
                code.into_secret(),
                login.verifier.clone(),
                deadline,
            )
            .await;
        let response = match outcome {
            Outcome::Success(response) => response,
            outcome => return Err(LoginError::of_exchange(outcome).into()),
        };
        // The token endpoint answers: refreshes need not be held back.
        self.engine.provider_recovered(&provider.settings.id);
        let mut response = *response;
        // A response without scopes grants those that were requested
        // (RFC 6749, section 5.1).
        response
            .scopes
            .get_or_insert_with(|| provider.settings.scopes.clone());
        let mut grant = Grant::new(id.clone(), login.provider.clone(), response, sent_at);
        grant.tokens.issued_by = provider.settings.issued_by();
        match self.identify(provider, &metadata, &grant, login).await {
            Ok(user) => Ok((grant, user)),
            Err(error) => {
                self.abandon(&grant).await;
                Err(error)
            }
        }
    }

    /// Gives up a grant that no session was started with: its tokens are revoked.
    pub(super) async fn abandon(&self, grant: &Grant) {
        self.exchange_log.remove(&grant.id);
        let store = &self.sessions.store;
        if let Err(error) = store.revoke_unused(grant, self.clock.now()).await {
            tracing::error!(grant = %grant.id.0, %error, "the tokens of a sign-in that failed cannot be revoked");
        }
    }

    /// Identifies the user by the ID token, or by userinfo when the provider
    /// issues none.
    async fn identify(
        &self,
        provider: &ProviderClient,
        metadata: &Metadata,
        grant: &Grant,
        login: &PendingLogin,
    ) -> Result<Identity, BffError> {
        let tokens = &grant.tokens;
        if let Some(user) = self.verify(provider, metadata, tokens, login).await? {
            return Ok(user);
        }
        let cached = grant.cached_token(&TokenRequirement::default());
        let token = &cached.ok_or(BffError::NotSignedIn)?.token;
        let claims = provider.userinfo(metadata, &grant.id, token).await?;
        Ok(from_userinfo(&claims).ok_or(CallError::Nonsense)?)
    }

    /// Verifies the ID token. When no known key made its signature, the
    /// provider's keys are fetched again, once.
    async fn verify(
        &self,
        provider: &ProviderClient,
        metadata: &Metadata,
        tokens: &Tokens,
        login: &PendingLogin,
    ) -> Result<Option<Identity>, BffError> {
        let now = self.clock.now();
        if let Ok(user) = provider.verify_id_token(metadata, tokens, &login.nonce, now) {
            return Ok(user);
        }
        provider.discard_metadata().await;
        let metadata = provider.metadata().await?;
        let user = provider.verify_id_token(&metadata, tokens, &login.nonce, now);
        Ok(user.map_err(LoginError::from)?)
    }
}
