//! The adapter through which `oauth2` and `openidconnect` speak.

use super::{Http, Leg, TransportError};
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
pub struct Call<'a> {
    http: &'a Http,
    leg: Leg<'a>,
    address: Option<Uri>,
    mend: fn(Response<Body>) -> Response<Body>,
    heard: Mutex<Option<Response<Body>>>,
}

impl<'a> Call<'a> {
    /// A call on this leg.
    pub fn new(http: &'a Http, leg: Leg<'a>) -> Self {
        Self {
            http,
            leg,
            address: None,
            mend: |response| response,
            heard: Mutex::new(None),
        }
    }

    /// The same, whatever address the protocol writes on the request.
    #[must_use]
    pub fn to(self, address: Option<Uri>) -> Self {
        Self { address, ..self }
    }

    /// The same, the answer mended before the protocol reads it.
    #[must_use]
    pub fn mended(self, mend: fn(Response<Body>) -> Response<Body>) -> Self {
        Self { mend, ..self }
    }

    /// The last answer, if one came.
    pub fn heard(self) -> Option<Response<Body>> {
        self.heard
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
            let response = (self.mend)(self.http.send(self.leg, request).await?);
            *self.heard.lock().unwrap_or_else(PoisonError::into_inner) = Some(response.clone());
            Ok(response)
        })
    }
}
