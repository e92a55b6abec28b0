//! `POST /token` (RFC 6749 section 3.2).

use axum::{extract::State, http::HeaderMap, response::Response};

use super::{client_authentication::authenticate, code_grant, refresh_grant};
use crate::{
    oauth::error::{ErrorCode, OAuthError, OAuthForm},
    provider::Provider,
};

pub(crate) async fn token(
    State(provider): State<Provider>,
    headers: HeaderMap,
    OAuthForm(form): OAuthForm,
) -> Result<Response, OAuthError> {
    let client = authenticate(provider.config(), &headers, &form)?;
    let grant_type = form.get("grant_type");
    let counted = match grant_type {
        Some("authorization_code") => "authorization_code",
        Some("refresh_token") => "refresh_token",
        _ => "other",
    };
    provider.note(|state, _| state.requests.count_grant(&client.id, counted));
    match grant_type {
        Some("authorization_code") => code_grant::exchange(&provider, client, &form),
        Some("refresh_token") => refresh_grant::refresh(&provider, client, &form),
        Some("password") => Err(OAuthError::new(
            ErrorCode::UnsupportedGrantType,
            "The password grant is refused: RFC 9700 section 2.4 forbids it.",
        )),
        Some(_) => Err(OAuthError::new(
            ErrorCode::UnsupportedGrantType,
            "The grant types are authorization_code and refresh_token.",
        )),
        None => Err(OAuthError::missing("grant_type")),
    }
}
