//! Code exchange and refresh: `oauth2` writes the requests and reads the
//! answers, over our transport.

use super::{
    Metadata, ProviderClient, Providers, normalise::normalise, profile::ClientAuthentication,
};
use crate::{
    grant::{Grant, GrantId, TokenRequirement, TokenResponse},
    http_client::{Call, RequestContext, TransportError},
    refresh::{
        Outcome, Reuse, TokenEndpoint,
        outcome::refused,
        token_error::{ErrorBody, TokenRequest},
    },
};
use async_trait::async_trait;
use confidant_wire::{Claims, Party};
use http::{HeaderMap, header::RETRY_AFTER};
use oauth2::{
    AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, EndpointMaybeSet, EndpointNotSet,
    EndpointSet, ExtraTokenFields, HttpResponse, IntrospectionUrl, PkceCodeVerifier, RedirectUrl,
    RefreshToken, RequestTokenError, RevocationUrl, Scope, StandardRevocableToken,
    StandardTokenResponse, TokenResponse as _, TokenUrl,
    basic::{
        BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse,
        BasicTokenType,
    },
};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// What a token answer carries beside the standard fields.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub(crate) struct Extras {
    #[serde(flatten)]
    all: Claims,
}

impl ExtraTokenFields for Extras {}

type Answer = StandardTokenResponse<Extras, BasicTokenType>;

/// The protocol's client, with the endpoints that a provider has.
pub(crate) type Protocol = oauth2::Client<
    BasicErrorResponse,
    Answer,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
    EndpointSet,
>;

/// The outcome of a token request, and whether anybody answered it.
pub(crate) struct Exchanged {
    /// What became of it.
    pub outcome: Outcome,
    /// Whether an answer came, readable or not.
    pub answered: bool,
}

impl ProviderClient {
    /// The protocol's client for this provider.
    pub(crate) fn protocol(&self, metadata: &Metadata) -> Protocol {
        let endpoints = &metadata.endpoints;
        let protocol = oauth2::Client::new(ClientId::new(self.settings.client_id.clone()))
            .set_client_secret(ClientSecret::new(
                self.settings.client_secret.reveal().to_owned(),
            ))
            .set_auth_type(match self.profile.client_authentication {
                ClientAuthentication::Basic => AuthType::BasicAuth,
                ClientAuthentication::Body => AuthType::RequestBody,
            })
            .set_auth_uri(AuthUrl::from_url(endpoints.authorization_endpoint.clone()))
            .set_token_uri(TokenUrl::from_url(endpoints.token_endpoint.clone()))
            .set_introspection_url_option(
                endpoints
                    .introspection_endpoint
                    .clone()
                    .map(IntrospectionUrl::from_url),
            )
            .set_revocation_url_option(
                endpoints
                    .revocation_endpoint
                    .clone()
                    .map(RevocationUrl::from_url),
            );
        match RedirectUrl::new(self.redirect_uri.clone()) {
            Ok(url) => protocol.set_redirect_uri(url),
            // It was put together from a URL that had been parsed.
            Err(_) => protocol,
        }
    }

    /// Trades an authorization code (RFC 6749, section 4.1.3) with PKCE.
    pub(crate) async fn exchange_code(
        &self,
        grant: &GrantId,
        metadata: &Metadata,
        code: String,
        verifier: String,
        deadline: Duration,
    ) -> Exchanged {
        let protocol = self.protocol(metadata);
        let call = self.token_call(grant, deadline);
        let result = protocol
            .exchange_code(AuthorizationCode::new(code))
            .set_pkce_verifier(PkceCodeVerifier::new(verifier))
            .request_async(&call)
            .await;
        let presented = TokenRequest::AuthorizationCode;
        validate(presented, result, call.response().as_ref())
    }

    fn token_call<'a>(&'a self, grant: &'a GrantId, deadline: Duration) -> Call<'a> {
        let leg = RequestContext {
            to: Party::Provider,
            grant: Some(grant),
            deadline,
        };
        Call::new(&self.http, leg).normalised_by(normalise)
    }
}

#[async_trait]
impl TokenEndpoint for Providers {
    async fn refresh(&self, grant: &Grant, want: &TokenRequirement, deadline: Duration) -> Outcome {
        let (Some(provider), Some(token)) =
            (self.get(&grant.provider), &grant.tokens.refresh_token)
        else {
            return Outcome::Misconfigured("unknown provider".into());
        };
        let Ok(metadata) = provider.metadata().await else {
            return Outcome::Transient { retry_after: None };
        };
        let protocol = provider.protocol(&metadata);
        let token = RefreshToken::new(token.clone());
        let mut request = protocol.exchange_refresh_token(&token);
        for scope in want.scope.iter().flatten() {
            request = request.add_scope(Scope::new(scope.clone()));
        }
        if let Some(resource) = &want.resource {
            request = request.add_extra_param("resource", resource.clone());
        }
        let call = provider.token_call(&grant.id, deadline);
        let result = request.request_async(&call).await;
        let presented = TokenRequest::RefreshToken {
            narrowed: *want != TokenRequirement::default(),
        };
        validate(presented, result, call.response().as_ref()).outcome
    }

    fn reuse(&self, provider: &str) -> Reuse {
        self.reuse_rule(provider)
    }
}

/// The outcome, from what `oauth2` made of the answer and, where it made
/// nothing of it, from its status.
fn validate(
    presented: TokenRequest,
    result: Result<Answer, RequestTokenError<TransportError, BasicErrorResponse>>,
    response: Option<&HttpResponse>,
) -> Exchanged {
    let refused = |code: Option<&str>| {
        let Some(response) = response else {
            return Outcome::Ambiguous;
        };
        let body = match code {
            Some(code) => ErrorBody::Code(code),
            None if response.body().trim_ascii().is_empty() => ErrorBody::Empty,
            None => ErrorBody::Unreadable,
        };
        let status = response.status().as_u16();
        refused(presented, status, body, retry_after(response.headers()))
    };
    let outcome = match result {
        Ok(answer) => Outcome::Success(Box::new(read(&answer))),
        Err(RequestTokenError::Request(TransportError::NotSent)) => {
            Outcome::Transient { retry_after: None }
        }
        Err(RequestTokenError::Request(_)) => Outcome::Ambiguous,
        Err(RequestTokenError::ServerResponse(error)) => refused(Some(error.error().as_ref())),
        Err(_) => refused(None),
    };
    Exchanged {
        outcome,
        answered: response.is_some(),
    }
}

fn read(answer: &Answer) -> TokenResponse {
    let mut extras = answer.extra_fields().all.clone();
    let id_token = extras
        .remove("id_token")
        .and_then(|token| token.as_str().map(str::to_owned));
    TokenResponse {
        access_token: answer.access_token().secret().clone(),
        token_type: match answer.token_type() {
            BasicTokenType::Bearer => "Bearer".to_owned(),
            other => other.as_ref().to_owned(),
        },
        expires_in: answer.expires_in().map(|life| life.as_secs()),
        scopes: answer
            .scopes()
            .map(|scopes| scopes.iter().map(|scope| scope.to_string()).collect()),
        refresh_token: answer.refresh_token().map(|token| token.secret().clone()),
        id_token,
        extras,
    }
}

/// `Retry-After` in seconds (RFC 9110, section 10.2.3); a date is not waited for.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers
        .get(RETRY_AFTER)?
        .to_str()
        .ok()?
        .trim()
        .parse()
        .ok()?;
    Some(Duration::from_secs(seconds))
}
