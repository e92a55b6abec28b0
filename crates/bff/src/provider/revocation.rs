//! Token revocation (RFC 7009).

use super::{client::ProviderClient, context, metadata::Metadata};
use crate::{grant::GrantId, http_client::Call};
use confidant_protocol::provider_profile::RevocationStyle;
use http::Response;
use oauth2::{
    RequestTokenError, RevocationErrorResponseType, StandardRevocableToken,
    basic::BasicErrorResponseType,
};
use url::Url;

/// What became of a revocation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum RevocationOutcome {
    /// No token needed to be revoked, or none should be at this provider.
    NotWanted,
    /// The provider confirmed it.
    Revoked,
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
            Self::NotWanted => "not_wanted",
            Self::Revoked => "revoked",
            Self::NotOffered => "not_offered",
            Self::Refused => "refused",
            Self::Failed => "failed",
        }
    }
}

/// A token to revoke.
#[derive(Clone, Copy)]
pub(crate) enum RevocableToken<'a> {
    Refresh(&'a str),
    Access(&'a str),
}

impl ProviderClient {
    /// Returns whether tokens are revoked when their session is replaced or
    /// expires.
    pub(crate) fn revokes_on_replacement(&self) -> bool {
        self.profile.revoke_on_replacement
    }

    /// Returns whether the provider revokes refresh tokens, and with them their
    /// access tokens (RFC 7009, section 2.1). Others revoke everything by an
    /// access token.
    pub(crate) fn revokes_refresh_tokens(&self) -> bool {
        self.profile.revocation == RevocationStyle::Standard
    }

    /// Revokes one token.
    pub(crate) async fn revoke(
        &self,
        metadata: &Metadata,
        grant: &GrantId,
        token: RevocableToken<'_>,
    ) -> RevocationOutcome {
        let Some(endpoint) = &metadata.endpoints.revocation_endpoint else {
            return RevocationOutcome::NotOffered;
        };
        match token {
            RevocableToken::Access(token) if !self.revokes_refresh_tokens() => {
                match self.revoke_by_access_token(metadata, grant, token).await {
                    Some(true) => RevocationOutcome::Revoked,
                    Some(false) => RevocationOutcome::Refused,
                    None => RevocationOutcome::Failed,
                }
            }
            RevocableToken::Access(token) => {
                let token = oauth2::AccessToken::new(token.to_owned());
                self.revoke_by_standard(metadata, endpoint, grant, token.into())
                    .await
            }
            RevocableToken::Refresh(token) => {
                let token = oauth2::RefreshToken::new(token.to_owned());
                self.revoke_by_standard(metadata, endpoint, grant, token.into())
                    .await
            }
        }
    }

    async fn revoke_by_standard(
        &self,
        metadata: &Metadata,
        endpoint: &Url,
        grant: &GrantId,
        token: StandardRevocableToken,
    ) -> RevocationOutcome {
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
        let Err(error) = request.request_async(&call).await else {
            return RevocationOutcome::Revoked;
        };
        // By the status, whatever `oauth2` makes of the body: some providers
        // confirm with 204, and refuse with HTML.
        match (call.response(), error) {
            (Some(response), _) if response.status().is_success() => RevocationOutcome::Revoked,
            (Some(response), _) if is_busy(&response) => RevocationOutcome::Failed,
            (None, _) => RevocationOutcome::Failed,
            (Some(_), RequestTokenError::ServerResponse(response)) => match response.error() {
                // The operator can mend these.
                RevocationErrorResponseType::Basic(
                    BasicErrorResponseType::InvalidClient
                    | BasicErrorResponseType::UnauthorizedClient,
                ) => RevocationOutcome::Failed,
                _ => RevocationOutcome::Refused,
            },
            (Some(_), _) => RevocationOutcome::Refused,
        }
    }
}

/// Whether the provider may answer otherwise later.
fn is_busy(response: &Response<Vec<u8>>) -> bool {
    response.status() == 429 || response.status().is_server_error()
}
