//! A request to an API with its token attached, and once more with a newer one
//! where the API does not accept the first.

use super::{
    PREFIX, Upstream,
    api_exchange::ApiExchange,
    error::ForwardError,
    headers,
    location::relocated,
    request_body::{Outgoing, Progress, RequestBody},
    request_headers,
    response_body::ResponseBody,
    send::send,
};
use crate::{
    bff::Bff,
    digest::Digest,
    error,
    grant::{AccessToken, GrantId},
    refresh::{
        Freshness, TokenError,
        decide::{Step, decide},
    },
};
use bytes::Bytes;
use confidant_wire::{Cause, Problem};
use http::{
    HeaderMap, HeaderValue, Method, Request, Response, StatusCode, Uri,
    header::{AUTHORIZATION, CONTENT_LENGTH},
    request::Parts,
};
use http_body::Body as _;
use http_body_util::{Either, Full};
use url::Url;

/// A request that was found open, and on whose behalf it goes.
pub(super) struct AuthorizedRequest<'a> {
    bff: &'a Bff,
    api: &'a Upstream,
    grant: &'a GrantId,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
}

impl<'a> AuthorizedRequest<'a> {
    /// The request with these parts, at this address of the API.
    pub(super) fn new(
        bff: &'a Bff,
        api: &'a Upstream,
        grant: &'a GrantId,
        parts: Parts,
        uri: Uri,
    ) -> Self {
        Self {
            bff,
            api,
            grant,
            method: parts.method,
            uri,
            headers: request_headers::for_api(parts.headers, &api.settings.request_headers),
        }
    }

    /// Carries it out.
    pub(super) async fn run(
        &self,
        request_body: RequestBody,
    ) -> Result<Response<ResponseBody>, Problem> {
        let token = self.token().await?;
        match request_body {
            RequestBody::Whole(bytes) => {
                let answer = self.ask_whole(&token, bytes.clone()).await?;
                if answer.status() != StatusCode::UNAUTHORIZED {
                    return Ok(answer);
                }
                let Some(newer) = self.newer(&token).await? else {
                    return Ok(answer);
                };
                let answer = self.ask_whole(&newer, bytes).await?;
                if answer.status() == StatusCode::UNAUTHORIZED {
                    self.note_refused(&newer);
                }
                Ok(answer)
            }
            RequestBody::Stream(body, progress) => {
                let answer = self.ask(&token, body, progress).await?;
                // What flowed by cannot be sent again. The next attempt is to
                // find a newer token.
                if answer.status() == StatusCode::UNAUTHORIZED
                    && let Some(newer) = self.newer(&token).await?
                {
                    self.note_refused(&newer);
                }
                Ok(answer)
            }
        }
    }

    /// The token in hand, by the grant as it was a moment ago, or whatever the
    /// engine makes of it.
    async fn token(&self) -> Result<AccessToken, Problem> {
        let parts = &self.bff.0;
        let recent = parts.recent.recent_grant(self.grant).await;
        let grant = recent
            .map_err(error::store)?
            .ok_or_else(error::not_signed_in)?;
        let rules = parts.engine.rules(&grant);
        let now = parts.clock.now();
        match decide(&grant, &self.api.want, Freshness::Usable, rules, now) {
            Step::Serve(token) => Ok(token),
            _ => parts
                .engine
                .access_token_of(grant, &self.api.want, Cause::Automatic)
                .await
                .map_err(error::token_error),
        }
    }

    /// A newer token for one that the API did not accept although it looked
    /// fresh. None where there is none to be had, or the last such token was
    /// not accepted either: then the API's own answer stands.
    async fn newer(&self, refused: &AccessToken) -> Result<Option<AccessToken>, Problem> {
        let parts = &self.bff.0;
        let key = (self.grant.clone(), self.api.settings.id.clone());
        let in_vain = parts.forwarder.refused.get(&key, parts.clock.now());
        if in_vain == Some(Digest::of(&refused.secret)) {
            return Ok(None);
        }
        match self
            .bff
            .newer_token(self.grant, &self.api.want, refused)
            .await
        {
            Ok(newer) => Ok(Some(newer)),
            Err(TokenError::NoRefreshToken) => Ok(None),
            Err(token_error) => Err(error::token_error(token_error)),
        }
    }

    fn note_refused(&self, token: &AccessToken) {
        let parts = &self.bff.0;
        tracing::warn!(api = %self.api.name, grant = %self.grant.0, "an API does not accept the newest token");
        let key = (self.grant.clone(), self.api.settings.id.clone());
        let refused = &parts.forwarder.refused;
        let reading = refused.reading(&key, parts.clock.now());
        refused.keep(key, Digest::of(&token.secret), reading);
    }

    async fn ask_whole(
        &self,
        token: &AccessToken,
        bytes: Bytes,
    ) -> Result<Response<ResponseBody>, Problem> {
        let body = Either::Left(Full::new(bytes));
        self.ask(token, body, Progress::begin()).await
    }

    /// Asks once.
    async fn ask(
        &self,
        token: &AccessToken,
        body: Outgoing,
        progress: Progress,
    ) -> Result<Response<ResponseBody>, Problem> {
        let parts = &self.bff.0;
        let mut bearer = HeaderValue::try_from(format!("Bearer {}", token.secret))
            .map_err(|_| ForwardError::BadToken)?;
        bearer.set_sensitive(true);
        let mut headers = self.headers.clone();
        headers.insert(AUTHORIZATION, bearer);
        if body.is_end_stream() && [Method::POST, Method::PUT, Method::PATCH].contains(&self.method)
        {
            // Some servers refuse a request that does not say so.
            headers.insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        let mut request = Request::new(body);
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = self.uri.clone();
        *request.headers_mut() = headers;
        let leg = ApiExchange::begin(
            &parts.exchange_log,
            &parts.clock,
            self.grant,
            (&self.method, &self.uri),
            &token.secret,
        );
        let patience = self.api.settings.timeout;
        let turn = self.api.concurrency_limit.turn().await;
        let answer = send(&parts.forwarder.client, request, &progress, patience).await?;
        drop(turn);
        if let Some(leg) = &leg {
            leg.finish(answer.status().as_u16(), answer.body().size_hint().exact());
        }
        let (head, body) = answer.into_parts();
        let mut response = Response::new(ResponseBody::new(body, &self.api.name, patience, leg));
        *response.status_mut() = head.status;
        *response.headers_mut() = headers::for_browser(head.headers, &self.method, |given| {
            let upstream = &self.api.settings.upstream;
            let prefix = format!("{PREFIX}{}", self.api.name);
            let asked = Url::parse(&self.uri.to_string()).ok()?;
            relocated(upstream, &asked, &prefix, given)
        });
        Ok(response)
    }
}
