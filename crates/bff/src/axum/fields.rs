//! Parameters of a form.

use super::limits;
use crate::BffError;
use axum::extract::{FromRequest, Request};
use serde::de::DeserializeOwned;

/// The fields of a form (`application/x-www-form-urlencoded`). An empty body
/// has no fields, whatever its media type; a field that comes twice is an
/// error.
pub(super) struct Fields<T>(pub(super) T);

impl<T, S> FromRequest<S> for Fields<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = BffError;

    async fn from_request(request: Request, _: &S) -> Result<Self, BffError> {
        let bytes = limits::read_body(request.into_body()).await?;
        serde_urlencoded::from_bytes(&bytes)
            .map(Self)
            .map_err(|_| BffError::BadRequest)
    }
}
