//! `GET` and `POST /userinfo` (OpenID Connect Core section 5.3).

use axum::response::Response;
use serde_json::Value;

use super::{access::Access, refusal::Refusal};

pub(crate) async fn userinfo(access: Access) -> Result<Response, Refusal> {
    access.require("openid")?;
    let mut claims = access.person.claims(&access.scope);
    claims.insert("sub".to_owned(), access.person.subject.clone().into());
    Ok(access.answer(Value::Object(claims)))
}
