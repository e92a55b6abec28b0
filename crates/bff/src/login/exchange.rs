//! The code exchange (RFC 6749, section 4.1.3), and who the user is.

use super::{Login, LoginError, PendingLogin};
use crate::{
    BffError,
    grant::{Grant, GrantId, TokenRequirement},
    provider::{
        CallError, Metadata, ProviderClient,
        identifying_claims::identifying_claims,
        identity::{BadIdToken, Identity, SignIn, SignedTokenError, from_userinfo},
    },
    store::GrantStore as _,
};
use confidant_protocol::{AuthorizationCode, Outcome};
use std::sync::Arc;
use url::Url;

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
        let cached = grant.cached_token(&TokenRequirement::default());
        let token = &cached.ok_or(BffError::NotSignedIn)?.token;
        match &grant.tokens.id_token {
            Some(id_token) if provider.can_verify_id_tokens(metadata) => {
                self.verify(provider, metadata, id_token, &token.secret, login)
                    .await
            }
            // It was asked for (OpenID Connect Core 1.0, section 3.1.3.3).
            _ if provider.settings.is_openid() => {
                Err(LoginError::from(BadIdToken::missing()).into())
            }
            _ => {
                let claims = provider.userinfo(metadata, &grant.id, token).await?;
                let claims = identifying_claims(claims, &provider.profile.userinfo);
                Ok(from_userinfo(&claims).ok_or(CallError::Nonsense)?)
            }
        }
    }

    /// Verifies the ID token.
    async fn verify(
        &self,
        provider: &ProviderClient,
        metadata: &Metadata,
        id_token: &str,
        access_token: &str,
        login: &PendingLogin,
    ) -> Result<Identity, BffError> {
        let verified = provider.verify_signature(metadata, id_token).await;
        let (claims, algorithm) = verified.map_err(|error| match error {
            SignedTokenError::Keys(error) => BffError::from(error),
            SignedTokenError::Signature(error) => LoginError::from(BadIdToken::from(error)).into(),
        })?;
        let sent = Url::parse(&login.authorization_url).ok();
        let sent = |name: &str| {
            let mut parameters = sent.as_ref()?.query_pairs();
            parameters.find_map(|(found, value)| (found == name).then(|| value.into_owned()))
        };
        let sign_in = SignIn {
            nonce: sent("nonce").map(|_| login.nonce.as_str()),
            max_age: sent("max_age").and_then(|seconds| seconds.parse().ok()),
            access_token,
            now: self.clock.now(),
        };
        let user = provider.check_id_token(metadata, &claims, &algorithm, &sign_in);
        Ok(user.map_err(LoginError::from)?)
    }
}
