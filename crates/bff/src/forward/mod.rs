//! API forwarding (RFC 10017, section 6.1.3.6): the browser calls
//! `/api/{id}/…`, and the API behind it gets the same request with an access
//! token instead of a cookie.
//!
//! - `target`: which API and path a request names
//! - [`route`]: which paths are open
//! - [`request_headers`], `response_headers`, [`headers`], `location`: which headers
//!   are forwarded, and where an answer may point
//! - `request_body`, [`response_body`]: the bodies, in both directions
//! - `context`: what forwarding needs of the rest of the library
//! - `concurrency_limit`: many requests at one moment
//! - `send`: one request, and the beginning of its answer
//! - `authorized_request`: the request with its token, and once more after a 401
//! - `api_exchange`: the exchange log
//! - [`error`]: why there is no answer
//!
//! The caller has checked that the request is the application's own: section
//! 6.1.3.3.2, the header `X-CSRF: 1` on every request.

mod api_exchange;
mod authorized_request;
mod concurrency_limit;
mod connector;
mod context;
pub(crate) mod error;
pub(crate) mod headers;
mod location;
mod request_body;
pub(crate) mod request_headers;
pub(crate) mod response_body;
mod response_headers;
pub(crate) mod route;
mod send;
mod target;
mod upstream;

pub use error::ForwardError;
pub(crate) use error::refuse_websocket;
pub use request_headers::{BadRequestHeader, RequestHeader};
pub use response_body::ResponseBody;
pub use response_headers::{BadResponseHeader, ResponseHeader};
pub use route::{BadRoute, Route};

pub(crate) use context::Context;

use crate::{
    BffError,
    exchange_log::BrowserExchange,
    request_cookies::RequestCookies,
    session::SessionRecord,
    settings::{Names, Settings},
};
use authorized_request::AuthorizedRequest;
use bytes::Bytes;
use http::{Method, Request, Response, Uri, request::Parts};
use http_body::Body;
use request_body::RequestBody;
use std::error::Error;
use tokio::time::Instant;
use upstream::Upstream;

/// Forwards requests to APIs.
pub(crate) struct Forwarder {
    apis: Vec<Upstream>,
    names: Names,
    context: Context,
}

impl Forwarder {
    /// Sets up connections to the APIs of these settings.
    ///
    /// # Errors
    /// When an upstream is no address.
    pub(crate) fn new(
        settings: &Settings,
        context: Context,
    ) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let apis = settings.apis.iter().map(Upstream::new);
        Ok(Self {
            apis: apis.collect::<Result<_, _>>()?,
            names: settings.names.clone(),
            context,
        })
    }

    /// Returns the API that a request names, and the address of the request there.
    fn find_open(&self, parts: &Parts) -> Result<(&Upstream, Uri), ForwardError> {
        let (id, path) = target::target(&self.context.prefix, &parts.uri, parts.version)
            .ok_or(ForwardError::NotOpen)?;
        let mut apis = self.apis.iter();
        let api = apis
            .find(|api| api.settings.id == id)
            .ok_or(ForwardError::NoSuchApi)?;
        let is_open = |route: &Route| route.opens(&parts.method, path);
        if !api.settings.routes.iter().any(is_open) {
            return Err(ForwardError::NotOpen);
        }
        let uri = api
            .uri(path, parts.uri.query())
            .ok_or(ForwardError::NotOpen)?;
        Ok((api, uri))
    }

    /// Forwards a request and returns the answer as it comes. Neither is held
    /// in memory, except for request bodies of up to 64 kB, which are sent
    /// once more if the API rejects the token.
    ///
    /// The API's own answer is passed on whatever its status, a last 401
    /// included. Redirects are not followed.
    pub(crate) async fn forward<B>(
        &self,
        request: Request<B>,
    ) -> Result<Response<ResponseBody>, BffError>
    where
        B: Body<Data = Bytes> + Send + Unpin + 'static,
    {
        let began = Instant::now();
        let (parts, body) = request.into_parts();
        refuse_websocket(&parts.headers)?;
        let (api, uri) = self.find_open(&parts)?;
        let cookies = RequestCookies::from_headers(&parts.headers, &self.names);
        let session = self.context.sessions.find_recent(&cookies).await?;
        let session = session.ok_or(BffError::NotSignedIn)?;
        // A token is for those APIs alone that trust its issuer.
        if session.provider != api.settings.provider {
            return Err(ForwardError::OtherProvider.into());
        }
        let exchange = self.start_exchange(&session, &parts);
        let answer = self.send(api, &session, parts, uri, body).await;
        let status = match &answer {
            Ok(answer) => answer.status().as_u16(),
            Err(error) => error.code().status(),
        };
        let metrics = &self.context.metrics;
        metrics.forwarded(&api.name, status, began.elapsed());
        if let Some(exchange) = exchange {
            let bytes = answer.as_ref().ok().map(|answer| answer.body().size_hint());
            exchange.finish(status, bytes.and_then(|hint| hint.exact()));
        }
        answer
    }

    async fn send<B>(
        &self,
        api: &Upstream,
        session: &SessionRecord,
        parts: Parts,
        uri: Uri,
        body: B,
    ) -> Result<Response<ResponseBody>, BffError>
    where
        B: Body<Data = Bytes> + Send + Unpin + 'static,
    {
        // An API that ignores such a body takes it for the next request on this
        // connection, which may be another user's.
        let is_bodiless = matches!(parts.method, Method::GET | Method::HEAD | Method::OPTIONS);
        if is_bodiless && !body.is_end_stream() {
            return Err(ForwardError::UnexpectedBody.into());
        }
        let request = AuthorizedRequest::new(&self.context, api, &session.grant, parts, uri);
        let (limit, timeout) = (api.settings.body_limit, api.settings.timeout);
        request
            .run(RequestBody::take(body, limit, timeout).await?)
            .await
    }

    fn start_exchange(&self, session: &SessionRecord, parts: &Parts) -> Option<BrowserExchange> {
        BrowserExchange::start(
            &self.context.exchange_log,
            &self.context.clock,
            &session.grant,
            parts.method.as_str(),
            parts.uri.path(),
        )
    }
}
