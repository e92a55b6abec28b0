//! A request to an API with its token attached, and once more with a newer one
//! where the API does not accept the first.

use super::{
    Api, PREFIX,
    answer::AnswerBody,
    headers,
    leg::ApiLeg,
    location::relocated,
    obstacle::Obstacle,
    send::send,
    upload::{Progress, Upload},
};
use crate::{
    bff::Bff,
    digest::Digest,
    error,
    grant::{AccessToken, GrantId},
    refresh::{
        Demand, Refusal, TokenEndpoint,
        decide::{Step, decide},
    },
};
use http::{
    HeaderMap, HeaderValue, Method, Response, StatusCode,
    header::{AUTHORIZATION, CONTENT_LENGTH},
    request::Parts,
};
use url::Url;
use wire::{Cause, Problem};

/// A request that was found open, and on whose behalf it goes.
pub(super) struct Errand<'a> {
    bff: &'a Bff,
    api: &'a Api,
    grant: &'a GrantId,
    method: Method,
    url: Url,
    headers: HeaderMap,
}

impl<'a> Errand<'a> {
    /// The request with these parts, at this address of the API.
    pub(super) fn new(
        bff: &'a Bff,
        api: &'a Api,
        grant: &'a GrantId,
        parts: Parts,
        url: Url,
    ) -> Self {
        Self {
            bff,
            api,
            grant,
            method: parts.method,
            url,
            headers: headers::for_api(parts.headers),
        }
    }

    /// Carries it out.
    pub(super) async fn run(&self, upload: Upload) -> Result<Response<AnswerBody>, Problem> {
        let token = self.token().await?;
        match upload {
            Upload::Whole(bytes) => {
                let answer = self
                    .ask(&token, bytes.clone().into(), Progress::begin())
                    .await?;
                if answer.status() != StatusCode::UNAUTHORIZED {
                    return Ok(answer);
                }
                let Some(newer) = self.newer(&token).await? else {
                    return Ok(answer);
                };
                let answer = self.ask(&newer, bytes.into(), Progress::begin()).await?;
                if answer.status() == StatusCode::UNAUTHORIZED {
                    self.note_refused(&newer);
                }
                Ok(answer)
            }
            Upload::Stream(body, progress) => {
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
        let reuse = parts.providers.reuse(&grant.provider);
        let now = parts.clock.now();
        match decide(&grant, &self.api.want, Demand::Usable, reuse, now) {
            Step::Serve(token) => Ok(token),
            _ => parts
                .engine
                .access_token(self.grant, &self.api.want, Demand::Usable, Cause::Automatic)
                .await
                .map_err(error::refusal),
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
            Err(Refusal::NoRefreshToken) => Ok(None),
            Err(refusal) => Err(error::refusal(refusal)),
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

    /// Asks once.
    async fn ask(
        &self,
        token: &AccessToken,
        body: reqwest::Body,
        progress: Progress,
    ) -> Result<Response<AnswerBody>, Problem> {
        let parts = &self.bff.0;
        let mut bearer = HeaderValue::try_from(format!("Bearer {}", token.secret))
            .map_err(|_| Obstacle::BadToken)?;
        bearer.set_sensitive(true);
        let mut request = reqwest::Request::new(self.method.clone(), self.url.clone());
        *request.headers_mut() = self.headers.clone();
        request.headers_mut().insert(AUTHORIZATION, bearer);
        let is_empty = body.as_bytes().is_some_and(<[u8]>::is_empty);
        if is_empty && [Method::POST, Method::PUT, Method::PATCH].contains(&self.method) {
            // Some servers refuse a request that does not say so.
            let nothing = HeaderValue::from_static("0");
            request.headers_mut().insert(CONTENT_LENGTH, nothing);
        }
        *request.body_mut() = Some(body);
        let leg = ApiLeg::begin(
            &parts.journal,
            &parts.clock,
            self.grant,
            (&self.method, &self.url),
            &token.secret,
        );
        let patience = self.api.settings.timeout;
        let answer = send(&parts.forwarder.client, request, &progress, patience).await?;
        if let Some(leg) = &leg {
            leg.answered(answer.status().as_u16());
        }
        let (head, body) = answer.into_parts();
        let mut response = Response::new(AnswerBody::new(body, &self.api.name, patience, leg));
        *response.status_mut() = head.status;
        *response.headers_mut() = headers::for_browser(head.headers, &self.method, |given| {
            let upstream = &self.api.settings.upstream;
            let prefix = format!("{PREFIX}{}", self.api.name);
            relocated(upstream, &self.url, &prefix, given)
        });
        Ok(response)
    }
}
