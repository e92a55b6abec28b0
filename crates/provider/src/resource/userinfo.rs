//! `GET` and `POST /userinfo` (OpenID Connect Core section 5.3).

use axum::{
    Json,
    http::header,
    response::{IntoResponse, Response},
};
use serde_json::Value;

use super::bearer::{Bearer, BearerError};

pub(crate) async fn userinfo(bearer: Bearer) -> Result<Response, BearerError> {
    bearer.require("openid")?;
    let mut claims = bearer.person.claims(&bearer.scope);
    claims.insert("sub".to_owned(), bearer.person.subject.into());
    let no_store = [(header::CACHE_CONTROL, "no-store")];
    Ok((no_store, Json(Value::Object(claims))).into_response())
}
