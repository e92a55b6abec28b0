//! `GET` and `POST /userinfo` (OpenID Connect Core section 5.3).

use axum::response::Response;
use serde_json::Value;

use super::{authorized_request::AuthorizedRequest, rejection::ResourceRejection};

/// Returns the claims about the user that the token's scope permits.
pub(crate) async fn userinfo(request: AuthorizedRequest) -> Result<Response, ResourceRejection> {
    request.require("openid")?;
    let mut claims = request.user.claims(&request.scope);
    claims.insert("sub".to_owned(), request.user.subject.clone().into());
    Ok(request.respond(Value::Object(claims)))
}
