//! The HTTP client of `oauth2`.

use super::{HttpClient, RequestContext, TransportError};
use http::{Request, Response, Uri};
use oauth2::AsyncHttpClient;
use std::{
    future::Future,
    pin::Pin,
    sync::{Mutex, PoisonError},
};

type Body = Vec<u8>;

/// One call of a protocol library. Keeps the raw response, of which the library
/// passes on only a part.
pub(crate) struct Call<'a> {
    http: &'a HttpClient,
    context: RequestContext<'a>,
    address: Option<Uri>,
    response: Mutex<Option<Response<Body>>>,
}

impl<'a> Call<'a> {
    /// Creates a call that has not been sent.
    pub(crate) fn new(http: &'a HttpClient, context: RequestContext<'a>) -> Self {
        Self {
            http,
            context,
            address: None,
            response: Mutex::new(None),
        }
    }

    /// Sends the request to this address, whatever address the library writes
    /// into it.
    #[must_use]
    pub(crate) fn to(self, address: Option<Uri>) -> Self {
        Self { address, ..self }
    }

    /// Returns the last response, if the provider sent one.
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
            let response = self.http.send(self.context, request).await?;
            *self.response.lock().unwrap_or_else(PoisonError::into_inner) = Some(response.clone());
            Ok(response)
        })
    }
}
