//! API forwarding (RFC 10017, section 6.1.3.6): the browser calls
//! `/api/{id}/…`, and the API behind it hears the same request with a token
//! instead of a cookie.
//!
//! - [`target`]: which API and path a request means
//! - [`route`]: which paths are open
//! - [`request_headers`], [`headers`], `location`: which headers cross, and
//!   where they may point
//! - `upload`, [`answer`]: the bodies, in both directions
//! - `crowd`: many requests at one moment
//! - `send`: one request, and the beginning of its answer
//! - `errand`: the request with its token, and once more after a 401
//! - `leg`: writing it down
//! - [`obstacle`]: why there is no answer
//!
//! The caller has made sure that the request is the application's own:
//! section 6.1.3.3.2, the header `X-CSRF: 1` on every request.

mod api_exchange;
mod authorized_request;
mod concurrency_limit;
pub mod error;
pub mod headers;
mod location;
mod request_body;
pub mod request_headers;
pub mod response_body;
pub mod route;
mod send;
pub mod target;

pub use error::{ForwardError, refuse_websocket};
pub use request_headers::{BadRequestHeader, RequestHeader};
pub use response_body::ResponseBody;
pub use route::{BadRoute, Route};
pub use target::PREFIX;

use crate::{
    bff::Bff,
    cache::Cache,
    digest::Digest,
    grant::{GrantId, TokenRequirement},
    metrics,
    request_cookies::RequestCookies,
    session::SessionRecord,
    settings::Api,
};
use authorized_request::AuthorizedRequest;
use bytes::Bytes;
use concurrency_limit::ConcurrencyLimit;
use confidant_wire::Problem;
use http::{Request, Response, Uri, request::Parts};
use http_body::Body;
use request_body::RequestBody;
use send::Client;
use std::{error::Error, sync::Arc, time::Duration};
use tokio::time::Instant;

/// How long an API that refuses even a token that was fetched for it is given
/// no further one. Without a pause, each request to it would be a refresh.
const REFUSAL_HOLDS: Duration = Duration::from_secs(60);

/// The APIs, and the connections to them.
pub(crate) struct Forwarder {
    apis: Vec<Upstream>,
    client: Client,
    /// The newest token that each API refused in vain, by grant and API.
    refused: Cache<(GrantId, String), Digest>,
}

/// One API, ready to be asked.
struct Upstream {
    settings: Api,
    /// What its tokens have to be good for.
    want: TokenRequirement,
    /// Its name, for answers on their way.
    name: Arc<str>,
    /// What the addresses of its paths begin with.
    base: Uri,
    /// Those on their way to it.
    concurrency_limit: ConcurrencyLimit,
}

impl Forwarder {
    /// The way to these APIs.
    ///
    /// # Errors
    /// When the TLS library cannot be set up, or an address is none.
    pub(crate) fn new(apis: &[Api]) -> Result<Self, Box<dyn Error + Send + Sync>> {
        Ok(Self {
            apis: apis.iter().map(Upstream::new).collect::<Result<_, _>>()?,
            client: send::client()?,
            refused: Cache::new(REFUSAL_HOLDS),
        })
    }

    /// The API that a request names, and where in it the request leads.
    fn open(&self, parts: &Parts) -> Result<(&Upstream, Uri), ForwardError> {
        let (id, path) = target::target(&parts.uri, parts.version).ok_or(ForwardError::NotOpen)?;
        let mut apis = self.apis.iter();
        let api = apis
            .find(|api| api.settings.id == id)
            .ok_or(ForwardError::NoSuchApi)?;
        let open = |route: &Route| route.opens(&parts.method, path);
        if !api.settings.routes.iter().any(open) {
            return Err(ForwardError::NotOpen);
        }
        let uri = api
            .uri(path, parts.uri.query())
            .ok_or(ForwardError::NotOpen)?;
        Ok((api, uri))
    }
}

impl Upstream {
    fn new(settings: &Api) -> Result<Self, http::Error> {
        Ok(Self {
            settings: settings.clone(),
            want: TokenRequirement {
                resource: settings.resource.clone(),
                scope: settings.scope.clone(),
            },
            name: settings.id.as_str().into(),
            base: settings.upstream.as_str().parse::<Uri>()?,
            concurrency_limit: ConcurrencyLimit::new(),
        })
    }

    /// Where a path of this API lies.
    fn uri(&self, path: &str, query: Option<&str>) -> Option<Uri> {
        let base = self.base.path().trim_end_matches('/');
        let whole = match query {
            Some(query) => format!("{base}{path}?{query}"),
            None => format!("{base}{path}"),
        };
        let mut parts = self.base.clone().into_parts();
        parts.path_and_query = Some(whole.try_into().ok()?);
        Uri::from_parts(parts).ok()
    }
}

impl Bff {
    /// Forwards a request under [`PREFIX`] and returns the answer as it comes.
    /// Neither is held in memory, except for request bodies of up to 64 kB,
    /// which are sent once more if the API does not accept the token.
    ///
    /// The API's own answer is passed on whatever its status, a last 401
    /// included. Redirects are not followed.
    ///
    /// # Errors
    /// `unknown_api`, `not_found`, `upgrade_refused`, `not_signed_in`,
    /// `wrong_provider`, `body_too_large`, `bad_request`, `api_unavailable`,
    /// `api_timed_out`, and whatever stands in the way of a token.
    pub async fn forward<B>(&self, request: Request<B>) -> Result<Response<ResponseBody>, Problem>
    where
        B: Body<Data = Bytes> + Send + Unpin + 'static,
    {
        let began = Instant::now();
        let (parts, body) = request.into_parts();
        refuse_websocket(&parts.headers)?;
        let (api, uri) = self.0.forwarder.open(&parts)?;
        let session = self
            .recent(&RequestCookies::from_headers(&parts.headers))
            .await?
            .ok_or_else(crate::error::not_signed_in)?;
        // A token is for those APIs alone that trust who issued it.
        if session.provider != api.settings.provider {
            return Err(ForwardError::OtherProvider.into());
        }
        let (method, path) = (parts.method.as_str(), parts.uri.path());
        let leg = self.start_browser_exchange(&session.grant, method, path);
        let authorized_request = AuthorizedRequest::new(self, api, &session.grant, parts, uri);
        let answer =
            match RequestBody::take(body, api.settings.body_limit, api.settings.timeout).await {
                Ok(request_body) => authorized_request.run(request_body).await,
                Err(error) => Err(error.into()),
            };
        let status = match &answer {
            Ok(answer) => answer.status().as_u16(),
            Err(problem) => problem.code.status(),
        };
        metrics::forwarded(&api.name, status, began.elapsed());
        if let Some(leg) = leg {
            let bytes = answer.as_ref().ok().map(|answer| answer.body().size_hint());
            leg.finish(status, bytes.and_then(|hint| hint.exact()));
        }
        answer
    }

    /// The session that the visit's cookie names, as it was a moment ago.
    async fn recent(&self, visit: &RequestCookies) -> Result<Option<SessionRecord>, Problem> {
        let Some(cookie) = visit.session.value() else {
            return Ok(None);
        };
        let found = self.0.recent.recent_session(&Digest::of(cookie)).await;
        Ok(self.in_use(found.map_err(crate::error::store)?).await)
    }
}
