//! Code exchange and refresh. `oauth2` writes the requests;
//! [`classify`] reads the responses, in all spellings that providers use.

use super::{
    client::{ProviderClient, Providers},
    context,
    identity::check_refreshed,
    metadata::Metadata,
    refusal,
};
use crate::{
    grant::{Grant, GrantId, TokenRequirement},
    http_client::{Call, RequestContext, TransportError},
    refresh::TokenEndpoint,
};
use async_trait::async_trait;
use confidant_protocol::{
    Ambiguity, Outcome, Reuse,
    provider_profile::ClientAuthentication,
    token_outcome::{TokenRequest, classify},
    token_response::{RawResponse, retry_after},
};
use http::{
    HeaderName,
    header::{CONTENT_TYPE, RETRY_AFTER},
};
use oauth2::{
    AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, EndpointMaybeSet, EndpointNotSet,
    EndpointSet, HttpResponse, IntrospectionUrl, PkceCodeVerifier, RedirectUrl, RefreshToken,
    RequestTokenError, RevocationUrl, Scope, TokenUrl,
    basic::{BasicClient, BasicErrorResponse},
};
use std::time::Duration;
use tokio::time::{Instant, timeout};

/// Why a grant is dead whose refresh brought the tokens of another user.
const OTHER_USER: &str = "other_user";

/// The client of `oauth2`, with the endpoints that a provider may have.
pub(crate) type Protocol =
    BasicClient<EndpointSet, EndpointNotSet, EndpointMaybeSet, EndpointMaybeSet, EndpointSet>;

impl ProviderClient {
    /// Returns the client of `oauth2` for this provider.
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
            // It was built from a URL that had been parsed.
            Err(_) => protocol,
        }
    }

    /// Exchanges an authorization code (RFC 6749, section 4.1.3) with PKCE.
    pub(crate) async fn exchange_code(
        &self,
        grant: &GrantId,
        metadata: &Metadata,
        code: String,
        verifier: String,
        deadline: Duration,
    ) -> Outcome {
        let protocol = self.protocol(metadata);
        let call = self.token_call(grant, deadline);
        let result = protocol
            .exchange_code(AuthorizationCode::new(code.clone()))
            .set_pkce_verifier(PkceCodeVerifier::new(verifier))
            .request_async(&call)
            .await;
        self.outcome(TokenRequest::AuthorizationCode, &code, result.err(), call)
    }

    fn token_call<'a>(&'a self, grant: &'a GrantId, deadline: Duration) -> Call<'a> {
        let context = RequestContext {
            deadline,
            ..context::about(grant)
        };
        Call::new(&self.http, context)
    }

    /// Returns the outcome of a request, which presented this code or token, from
    /// its raw response or, without a response, from the transport's error. How `oauth2` reads the response does
    /// not matter.
    fn outcome(
        &self,
        request: TokenRequest,
        presented: &str,
        error: Option<RequestTokenError<TransportError, BasicErrorResponse>>,
        call: Call<'_>,
    ) -> Outcome {
        match (call.response(), error) {
            (Some(response), _) => {
                let rules = &self.profile.token_errors;
                let outcome = classify(&raw(&response), request, rules);
                if !matches!(outcome, Outcome::Success(_)) {
                    self.note_refusal(&response, presented);
                }
                outcome
            }
            (None, Some(RequestTokenError::Request(TransportError::NotSent))) => {
                Outcome::Transient { retry_after: None }
            }
            (None, Some(RequestTokenError::Request(TransportError::TooLarge))) => {
                Outcome::Ambiguous(Ambiguity::Unreadable)
            }
            (None, _) => Outcome::Ambiguous(Ambiguity::NoResponse),
        }
    }

    /// Writes the provider's words to the log, and fetches the metadata again
    /// next time if there is no token endpoint any more.
    fn note_refusal(&self, response: &HttpResponse, presented: &str) {
        let (provider, status) = (&self.settings.id, response.status().as_u16());
        let words = refusal::words(response, &[presented, self.settings.client_secret.reveal()]);
        tracing::info!(%provider, status, words, "a token request was refused");
        if status == 404 {
            self.expire_metadata();
        }
    }
}

#[async_trait]
impl TokenEndpoint for Providers {
    async fn refresh(
        &self,
        grant: &Grant,
        requirement: &TokenRequirement,
        deadline: Duration,
    ) -> Outcome {
        let (Some(provider), Some(token)) =
            (self.get(&grant.provider), &grant.tokens.refresh_token)
        else {
            return Outcome::Misconfigured("unknown provider".into());
        };
        let started = Instant::now();
        let Ok(Ok(metadata)) = timeout(deadline, provider.metadata()).await else {
            return Outcome::Transient { retry_after: None };
        };
        let deadline = deadline.saturating_sub(started.elapsed());
        let protocol = provider.protocol(&metadata);
        let token = RefreshToken::new(token.clone());
        let mut request = protocol.exchange_refresh_token(&token);
        for scope in requirement.scope.iter().flatten() {
            request = request.add_scope(Scope::new(scope.clone()));
        }
        if let Some(resource) = &requirement.resource {
            request = request.add_extra_param("resource", resource.clone());
        }
        let call = provider.token_call(&grant.id, deadline);
        let result = request.request_async(&call).await;
        let presented = TokenRequest::RefreshToken {
            narrowed: *requirement != TokenRequirement::default(),
        };
        let outcome = provider.outcome(presented, token.secret(), result.err(), call);
        same_user(outcome, grant, &provider.settings.client_id)
    }

    fn reuse(&self, provider: &str) -> Reuse {
        self.reuse_rule(provider)
    }
}

/// Returns the outcome, or a dead grant if the new ID token is about another
/// user than the one before.
fn same_user(outcome: Outcome, grant: &Grant, client_id: &str) -> Outcome {
    let Outcome::Success(response) = &outcome else {
        return outcome;
    };
    let (new, before) = (response.id_token.as_deref(), &grant.tokens.id_token);
    match check_refreshed(new, before.as_deref(), client_id) {
        Ok(()) => outcome,
        Err(error) => {
            tracing::error!(provider = %grant.provider, grant = %grant.id.0, %error, "a refresh brought the tokens of another user");
            Outcome::Dead(OTHER_USER.to_owned())
        }
    }
}

fn raw(response: &HttpResponse) -> RawResponse<'_> {
    let header = |name: HeaderName| response.headers().get(name)?.to_str().ok();
    RawResponse {
        status: response.status().as_u16(),
        content_type: header(CONTENT_TYPE).unwrap_or_default(),
        body: response.body(),
        retry_after: header(RETRY_AFTER).and_then(retry_after),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use confidant_protocol::{
        cases::{token_outcome, token_response},
        token_error::TokenErrorRules,
    };
    use http::Response;

    fn response(status: u16, content_type: &str, body: &str) -> HttpResponse {
        Response::builder()
            .status(status)
            .header(CONTENT_TYPE, content_type)
            .header(RETRY_AFTER, "7")
            .body(body.as_bytes().to_vec())
            .unwrap()
    }

    #[test]
    fn every_response_of_the_contract_has_its_outcome() {
        let lenient = token_outcome::CASES.iter().map(|case| (case, "generic"));
        let standard = token_outcome::STANDARD_CASES.iter();
        for (case, profile) in lenient.chain(standard.map(|case| (case, "google"))) {
            let rules = confidant_protocol::ProviderProfile::by_id(profile).unwrap();
            let response = response(case.status, case.content_type, case.body);
            let found = classify(&raw(&response), case.request, &rules.token_errors);
            assert_eq!(found.name(), case.outcome, "{case:?}: {found:?}");
            match found {
                Outcome::Transient { retry_after } | Outcome::RateLimited { retry_after } => {
                    assert_eq!(retry_after, Some(Duration::from_secs(7)), "{case:?}");
                }
                _ => {}
            }
        }
    }

    #[test]
    fn a_token_response_is_read_in_all_its_spellings() {
        for case in token_response::CASES {
            let response = response(200, case.content_type, case.body);
            let request = TokenRequest::AuthorizationCode;
            let found = classify(&raw(&response), request, &TokenErrorRules::LENIENT);
            let Outcome::Success(token) = found else {
                panic!("{case:?}: {found:?}");
            };
            assert_eq!(token.access_token, "a", "{case:?}");
            assert_eq!(token.expires_in, case.expires_in, "{case:?}");
            assert_eq!(token.refresh_token.as_deref(), case.refresh_token);
            assert_eq!(token.scopes.unwrap_or_default(), case.scopes, "{case:?}");
        }
    }
}
