//! `fetch`.

use crate::{Request, Response, TransportError};
use gloo_net::http::{Headers, Method, RequestBuilder};
use web_sys::{AbortSignal, ReferrerPolicy, RequestCache, RequestCredentials, RequestRedirect};

pub(super) async fn fetch(request: &Request, limit: u32) -> Result<Response, TransportError> {
    let signal = AbortSignal::timeout_with_u32(limit);
    let failed = |_| {
        if signal.aborted() {
            TransportError::TimedOut
        } else {
            TransportError::Failed
        }
    };
    let headers = Headers::new();
    for (name, value) in &request.headers {
        headers.set(name, value);
    }
    let builder = RequestBuilder::new(&request.url)
        .method(Method::from_bytes(request.method.as_bytes()).unwrap_or_default())
        .headers(headers)
        // The token is the only credential, and it goes to this address alone.
        .credentials(RequestCredentials::Omit)
        .redirect(RequestRedirect::Error)
        .referrer_policy(ReferrerPolicy::NoReferrer)
        .cache(if request.cached {
            RequestCache::Default
        } else {
            RequestCache::NoStore
        })
        .abort_signal(Some(&signal));
    let built = match &request.body {
        Some(body) => builder.body(body.as_str()),
        None => builder.build(),
    };
    let response = built.map_err(failed)?.send().await.map_err(failed)?;
    let status = response.status();
    let body = match response.text().await {
        Ok(body) => body,
        Err(_) if signal.aborted() => return Err(TransportError::TimedOut),
        Err(_) => return Err(TransportError::CutShort(status)),
    };
    let header = |name: &str| response.headers().get(name);
    let date = header("date").map(|date| js_sys::Date::parse(&date));
    Ok(Response {
        status,
        body,
        content_type: header("content-type").unwrap_or_default(),
        retry_after: header("retry-after").and_then(|text| text.trim().parse().ok()),
        dpop_nonce: header("dpop-nonce"),
        worker_error: header("x-worker-error"),
        www_authenticate: header("www-authenticate"),
        date: date.filter(|date| *date > 0.0).map(|date| date as u64),
    })
}
