//! The adapter through which `oauth2` and `openidconnect` speak.

use super::{HttpClient, RequestContext, TransportError};
use http::{Request, Response, Uri};
use oauth2::AsyncHttpClient;
use std::{
    future::Future,
    pin::Pin,
    sync::{Mutex, PoisonError},
};

type Body = Vec<u8>;

/// One call of the protocol. It keeps the answer, of which `oauth2` passes on
/// the standard fields only.
pub(crate) struct Call<'a> {
    http: &'a HttpClient,
    leg: RequestContext<'a>,
    address: Option<Uri>,
    normalise: fn(Response<Body>) -> Response<Body>,
    response: Mutex<Option<Response<Body>>>,
}

impl<'a> Call<'a> {
    /// A call on this leg.
    pub(crate) fn new(http: &'a HttpClient, leg: RequestContext<'a>) -> Self {
        Self {
            http,
            leg,
            address: None,
            normalise: |response| response,
            response: Mutex::new(None),
        }
    }

    /// The same, whatever address the protocol writes on the request.
    #[must_use]
    pub(crate) fn to(self, address: Option<Uri>) -> Self {
        Self { address, ..self }
    }

    /// The same, the answer mended before the protocol reads it.
    #[must_use]
    pub(crate) fn normalised_by(self, normalise: fn(Response<Body>) -> Response<Body>) -> Self {
        Self { normalise, ..self }
    }

    /// The last answer, if one came.
    pub(crate) fn response(self) -> Option<Response<Body>> {
        self.response
            .into_inner()
            .unwrap_or_else(PoisonError::into_inner)
    }
}

impl<'c> AsyncHttpClient<'c> for Call<'_> {
    type Error = TransportError;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, TransportError>> + Send + 'c>>;

    fn call(&'c self, mut request: Request<Body>) -> Self::Future {
        if let Some(address) = &self.address {
            *request.uri_mut() = address.clone();
        }
        Box::pin(async move {
            let response = (self.normalise)(self.http.send(self.leg, request).await?);
            *self.response.lock().unwrap_or_else(PoisonError::into_inner) = Some(response.clone());
            Ok(response)
        })
    }
}
