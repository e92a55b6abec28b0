//! Token revocation (RFC 7009).

use super::{client::ProviderClient, context, metadata::Metadata};
use crate::{grant::GrantId, http_client::Call};
use oauth2::{
    RequestTokenError, RevocationErrorResponseType, StandardRevocableToken,
    basic::BasicErrorResponseType,
};
use url::Url;

/// What became of a revocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RevocationOutcome {
    /// The provider confirmed it.
    Revoked,
    /// No token needed to be revoked, or none should be at this provider.
    NotWanted,
    /// The provider has no revocation endpoint.
    NotOffered,
    /// The provider does not revoke this token, and would not later.
    Refused,
    /// It may succeed later.
    Failed,
}

impl RevocationOutcome {
    /// Returns the name in metrics.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Revoked => "revoked",
            Self::NotWanted => "not_wanted",
            Self::NotOffered => "not_offered",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }

    /// Returns the outcome of two revocations together: the worse of the two.
    pub(crate) fn and(self, other: Self) -> Self {
        let severity = |outcome| match outcome {
            Self::NotWanted => 0,
            Self::Revoked => 1,
            Self::NotOffered => 2,
            Self::Refused => 3,
            Self::Failed => 4,
        };
        if severity(other) > severity(self) {
            other
        } else {
            self
        }
    }
}

impl ProviderClient {
    /// Returns whether tokens are revoked when their session is replaced or
    /// expires.
    pub(crate) fn revokes_on_replacement(&self) -> bool {
        let setting = self.settings.revoke_on_replacement;
        setting.unwrap_or(self.profile.revoke_on_replacement)
    }

    /// Revokes one token.
    pub(crate) async fn revoke(
        &self,
        metadata: &Metadata,
        grant: &GrantId,
        token: StandardRevocableToken,
    ) -> RevocationOutcome {
        let Some(endpoint) = &metadata.endpoints.revocation_endpoint else {
            return RevocationOutcome::NotOffered;
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
            return RevocationOutcome::NotOffered;
        };
        let call = Call::new(&self.http, context::about(grant)).to(endpoint.as_str().parse().ok());
        let error = match request.request_async(&call).await {
            Ok(()) => return RevocationOutcome::Revoked,
            Err(RequestTokenError::ServerResponse(response)) => response.error().clone(),
            Err(_) => return RevocationOutcome::Failed,
        };
        let status = call
            .response()
            .map_or(0, |response| response.status().as_u16());
        let is_busy = status == 429 || status >= 500;
        match error {
            _ if is_busy => RevocationOutcome::Failed,
            // The operator can mend these.
            RevocationErrorResponseType::Basic(
                BasicErrorResponseType::InvalidClient | BasicErrorResponseType::UnauthorizedClient,
            ) => RevocationOutcome::Failed,
            _ => RevocationOutcome::Refused,
        }
    }
}
