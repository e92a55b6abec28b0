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
    provider_profile::{ClientAuthentication, RefreshGrant},
    token_outcome::{TokenRequest, classify},
    token_response::{RawResponse, retry_after},
};
use http::{
    HeaderName, Request,
    header::{ACCEPT, CONTENT_TYPE, RETRY_AFTER},
};
use oauth2::{
    AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, EndpointMaybeSet, EndpointNotSet,
    EndpointSet, HttpResponse, IntrospectionUrl, PkceCodeVerifier, RedirectUrl, RefreshToken,
    RequestTokenError, RevocationUrl, TokenUrl,
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
        let authentication = self.client_authentication(metadata);
        let mut protocol = oauth2::Client::new(ClientId::new(self.settings.client_id.clone()));
        if authentication != ClientAuthentication::None {
            let secret = self.settings.client_secret.reveal().to_owned();
            protocol = protocol.set_client_secret(ClientSecret::new(secret));
        }
        let protocol = protocol
            .set_auth_type(match authentication {
                ClientAuthentication::Basic => AuthType::BasicAuth,
                ClientAuthentication::Body | ClientAuthentication::None => AuthType::RequestBody,
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

    /// Exchanges an authorization code (RFC 6749, section 4.1.3), with PKCE
    /// where the provider allows it.
    pub(crate) async fn exchange_code(
        &self,
        grant: &GrantId,
        metadata: &Metadata,
        code: String,
        verifier: String,
        deadline: Duration,
    ) -> Outcome {
        let protocol = self.protocol(metadata);
        let call = Call::new(&self.http, token_request(grant, deadline));
        let mut request = protocol.exchange_code(AuthorizationCode::new(code.clone()));
        if self.profile.pkce {
            request = request.set_pkce_verifier(PkceCodeVerifier::new(verifier));
        }
        let result = request.request_async(&call).await;
        let presented = TokenRequest::AuthorizationCode;
        self.outcome(presented, &code, result.err(), call)
    }

    /// Presents a refresh token (RFC 6749, section 6).
    async fn present_refresh_token(
        &self,
        grant: &GrantId,
        metadata: &Metadata,
        token: String,
        requirement: &TokenRequirement,
        deadline: Duration,
    ) -> Outcome {
        let protocol = self.protocol(metadata);
        let token = RefreshToken::new(token);
        let mut request = protocol.exchange_refresh_token(&token);
        if let Some(scopes) = &requirement.scope {
            request = request.add_extra_param("scope", self.profile.join_scopes(scopes));
        }
        if let Some(resource) = &requirement.resource {
            request = request.add_extra_param("resource", resource.clone());
        }
        if self.profile.redirect_uri_at_refresh {
            request = request.add_extra_param("redirect_uri", self.redirect_uri.clone());
        }
        let call = Call::new(&self.http, token_request(grant, deadline));
        let result = request.request_async(&call).await;
        let presented = TokenRequest::RefreshToken {
            narrowed: *requirement != TokenRequirement::default(),
        };
        self.outcome(presented, token.secret(), result.err(), call)
    }

    /// Exchanges an access token for one that lives longer, as Facebook does.
    async fn exchange_access_token(
        &self,
        grant: &GrantId,
        metadata: &Metadata,
        token: &str,
        deadline: Duration,
    ) -> Outcome {
        let form = url::form_urlencoded::Serializer::new(String::new())
            .append_pair("grant_type", "fb_exchange_token")
            .append_pair("client_id", &self.settings.client_id)
            .append_pair("client_secret", self.settings.client_secret.reveal())
            .append_pair("fb_exchange_token", token)
            .finish();
        let request = Request::post(metadata.endpoints.token_endpoint.as_str())
            .header(ACCEPT, "application/json")
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(form.into_bytes());
        let Ok(request) = request else {
            return Outcome::Transient { retry_after: None };
        };
        let context = token_request(grant, deadline);
        let presented = TokenRequest::RefreshToken { narrowed: false };
        match self.http.send(context, request).await {
            Ok(response) => self.classify(presented, token, &response),
            Err(error) => without_response(&error),
        }
    }

    /// Returns the outcome of a request, which presented this code or token, from
    /// its raw response or, without a response, from the transport's error. How
    /// `oauth2` reads the response does not matter.
    fn outcome(
        &self,
        request: TokenRequest,
        presented: &str,
        error: Option<RequestTokenError<TransportError, BasicErrorResponse>>,
        call: Call<'_>,
    ) -> Outcome {
        match (call.response(), error) {
            (Some(response), _) => self.classify(request, presented, &response),
            (None, Some(RequestTokenError::Request(error))) => without_response(&error),
            (None, _) => Outcome::Ambiguous(Ambiguity::NoResponse),
        }
    }

    /// Classifies a response. Writes a refusal in the provider's words to the log,
    /// and has the metadata fetched again if there is no token endpoint any more.
    fn classify(&self, request: TokenRequest, presented: &str, response: &HttpResponse) -> Outcome {
        let outcome = classify(&raw(response), request, &self.profile);
        if matches!(outcome, Outcome::Success(_)) {
            return outcome;
        }
        let (provider, status) = (&self.settings.id, response.status().as_u16());
        let secrets = [presented, self.settings.client_secret.reveal()];
        let words = refusal::words(response, &secrets);
        tracing::info!(%provider, status, words, "a token request was refused");
        if status == 404 {
            self.expire_metadata();
        }
        outcome
    }
}

fn token_request(grant: &GrantId, deadline: Duration) -> RequestContext<'_> {
    RequestContext {
        deadline,
        ..context::about(grant)
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
        let id = &grant.id;
        let outcome = match provider.profile.refresh_grant {
            RefreshGrant::RefreshToken => {
                let token = token.clone();
                provider
                    .present_refresh_token(id, &metadata, token, requirement, deadline)
                    .await
            }
            RefreshGrant::FacebookExchange => {
                provider
                    .exchange_access_token(id, &metadata, token, deadline)
                    .await
            }
        };
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

fn without_response(error: &TransportError) -> Outcome {
    match error {
        TransportError::NotSent => Outcome::Transient { retry_after: None },
        TransportError::TooLarge => Outcome::Ambiguous(Ambiguity::Unreadable),
        TransportError::Lost => Outcome::Ambiguous(Ambiguity::NoResponse),
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
        ProviderProfile,
        cases::{token_outcome, token_response},
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
            let profile = ProviderProfile::by_id(profile).unwrap();
            let response = response(case.status, case.content_type, case.body);
            let found = classify(&raw(&response), case.request, &profile);
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
            let found = classify(&raw(&response), request, &ProviderProfile::generic());
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
