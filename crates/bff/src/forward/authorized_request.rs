//! A request to an API with its token attached, and once more with a newer
//! token where the API rejects the first.

use super::{
    api_exchange::ApiExchange,
    context::Context,
    error::ForwardError,
    location::relocated,
    request_body::{Outgoing, Progress, RequestBody},
    request_headers,
    response_body::{ResponseBody, idle_limit},
    response_headers,
    send::send,
    upstream::Upstream,
};
use crate::{
    BffError, ClientAddress,
    digest::Digest,
    grant::{AccessToken, GrantId},
    refresh::TokenError,
};
use bytes::Bytes;
use http::{
    HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode, Uri,
    header::{AUTHORIZATION, CONTENT_LENGTH},
    request::Parts,
};
use http_body::Body as _;
use http_body_util::{Either, Full};
use url::Url;

/// Written by this server alone: a browser's own is never forwarded.
const X_FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");

/// A request to an open route, and the grant whose token it carries.
pub(super) struct AuthorizedRequest<'a> {
    context: &'a Context,
    api: &'a Upstream,
    grant: &'a GrantId,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
}

impl<'a> AuthorizedRequest<'a> {
    pub(super) fn new(
        context: &'a Context,
        api: &'a Upstream,
        grant: &'a GrantId,
        parts: Parts,
        uri: Uri,
    ) -> Self {
        let client = parts.extensions.get::<ClientAddress>().copied();
        let more = &api.settings.request_headers;
        let mut headers = request_headers::for_api(parts.headers, more);
        if let Some(client) = client
            && let Ok(address) = HeaderValue::try_from(client.0.to_string())
        {
            headers.insert(X_FORWARDED_FOR, address);
        }
        Self {
            context,
            api,
            grant,
            method: parts.method,
            uri,
            headers,
        }
    }

    /// Sends the request and returns the API's answer.
    pub(super) async fn run(&self, body: RequestBody) -> Result<Response<ResponseBody>, BffError> {
        let tokens = &self.context.tokens;
        let token = tokens.recent(self.grant, &self.api.requirement).await?;
        match body {
            RequestBody::Whole(bytes) => {
                let answer = self.send_whole(&token, bytes.clone()).await?;
                if answer.status() != StatusCode::UNAUTHORIZED {
                    return Ok(answer);
                }
                let Some(newer) = self.newer_token(&token).await? else {
                    return Ok(answer);
                };
                let answer = self.send_whole(&newer, bytes).await?;
                if answer.status() == StatusCode::UNAUTHORIZED {
                    self.remember_rejected(&newer);
                }
                Ok(answer)
            }
            RequestBody::Stream(body, progress) => {
                let answer = self.send(&token, body, progress).await?;
                // A body that was streamed cannot be sent again. The browser's
                // next attempt finds a newer token.
                if answer.status() == StatusCode::UNAUTHORIZED
                    && let Some(newer) = self.newer_token(&token).await?
                {
                    self.remember_rejected(&newer);
                }
                Ok(answer)
            }
        }
    }

    /// Returns a newer token than one that the API rejected although it looked
    /// fresh. Returns `None` when there is no newer one, or when the API
    /// rejected the last such token, too: then the API's own answer stands.
    async fn newer_token(&self, rejected: &AccessToken) -> Result<Option<AccessToken>, BffError> {
        let context = self.context;
        let last = context.rejected.get(&self.key(), context.clock.now());
        if last == Some(Digest::of(&rejected.secret)) {
            return Ok(None);
        }
        let requirement = &self.api.requirement;
        let newer = context
            .tokens
            .after_rejection(self.grant, requirement, rejected);
        match newer.await {
            Ok(newer) => Ok(Some(newer)),
            Err(TokenError::NoRefreshToken) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    fn remember_rejected(&self, token: &AccessToken) {
        tracing::warn!(api = %self.api.name, grant = %self.grant.0, "an API rejects the newest access token");
        let context = self.context;
        let now = context.clock.now();
        let read = context.rejected.begin_read(&self.key(), now);
        let digest = Digest::of(&token.secret);
        context.rejected.insert(self.key(), digest, read);
    }

    fn key(&self) -> (GrantId, String) {
        (self.grant.clone(), self.api.settings.id.clone())
    }

    async fn send_whole(
        &self,
        token: &AccessToken,
        bytes: Bytes,
    ) -> Result<Response<ResponseBody>, ForwardError> {
        let body = Either::Left(Full::new(bytes));
        self.send(token, body, Progress::begin()).await
    }

    /// Sends the request once, with this token.
    async fn send(
        &self,
        token: &AccessToken,
        body: Outgoing,
        progress: Progress,
    ) -> Result<Response<ResponseBody>, ForwardError> {
        let context = self.context;
        let request = self.request(token, body)?;
        let exchange = ApiExchange::begin(
            &context.exchange_log,
            &context.clock,
            self.grant,
            (&self.method, &self.uri),
            &token.secret,
        );
        let timeout = self.api.settings.timeout;
        let permit = self.api.concurrency_limit.acquire().await;
        let answer = send(&context.client, request, &progress, timeout).await?;
        drop(permit);
        if let Some(exchange) = &exchange {
            exchange.finish(answer.status().as_u16(), answer.body().size_hint().exact());
        }
        let (head, body) = answer.into_parts();
        let idle = idle_limit(&self.api.settings, &head.headers);
        let body = ResponseBody::new(body, &self.api.name, idle, exchange);
        let mut response = Response::new(body);
        *response.status_mut() = head.status;
        let more = &self.api.settings.response_headers;
        *response.headers_mut() =
            response_headers::for_browser(head.headers, &self.method, more, |given| {
                let upstream = &self.api.settings.upstream;
                let prefix = format!("{}{}", context.prefix, self.api.name);
                let requested = Url::parse(&self.uri.to_string()).ok()?;
                relocated(upstream, &requested, &prefix, given)
            });
        Ok(response)
    }

    fn request(
        &self,
        token: &AccessToken,
        body: Outgoing,
    ) -> Result<Request<Outgoing>, ForwardError> {
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
        Ok(request)
    }
}
