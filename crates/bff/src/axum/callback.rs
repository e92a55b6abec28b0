//! The redirect URI of one provider: the callback path followed by its id. It
//! leads on to the callback page, and says there which provider's it was.

use super::limits;
use crate::{AuthorizationResponse, Bff, BffError};
use axum::{
    extract::{Path, Request, State},
    http::{Method, StatusCode, header::LOCATION},
    response::{IntoResponse, Response},
};

/// `GET` and `POST /callback/{provider}`.
///
/// A provider posts its response with `response_mode=form_post` (OAuth 2.0 Form
/// Post Response Mode). The post comes from another site, without the cookies
/// that are `SameSite=Strict`, so the sign-in cannot be finished here. The page
/// to which this leads finishes it with a request of its own, as after a GET: no
/// cookie needs to be weaker for it.
pub(super) async fn of_provider(
    State(bff): State<Bff>,
    Path(provider): Path<String>,
    request: Request,
) -> Result<Response, BffError> {
    let mut response = match *request.method() {
        Method::POST => {
            let body = limits::read_body(request.into_body()).await?;
            let text = std::str::from_utf8(&body).map_err(|_| BffError::BadRequest)?;
            AuthorizationResponse::from_query(text)
        }
        _ => AuthorizationResponse::from_query(request.uri().query().unwrap_or_default()),
    }
    .map_err(|_| BffError::BadRequest)?;
    response.callback = Some(provider);
    let query = serde_urlencoded::to_string(&response).map_err(|_| BffError::BadRequest)?;
    let page = format!("{}?{query}", bff.settings().paths.callback);
    Ok((StatusCode::SEE_OTHER, [(LOCATION, page)]).into_response())
}
