//! The provider's metadata and keys.

use axum::{Json, extract::State, http::header, response::IntoResponse};
use serde_json::json;

use crate::{dpop::proof::ALGORITHM, oauth::scope::SUPPORTED, provider::Provider};

/// Serves `GET /.well-known/openid-configuration` (OpenID Connect Discovery)
/// and `GET /.well-known/oauth-authorization-server` (RFC 8414).
pub(crate) async fn metadata(State(provider): State<Provider>) -> impl IntoResponse {
    let issuer = &provider.config().issuer;
    let at = |path: &str| format!("{issuer}{path}");
    let scopes: Vec<&str> = SUPPORTED.iter().map(|scope| scope.name).collect();
    let secret = ["client_secret_basic", "client_secret_post"];
    let any = ["client_secret_basic", "client_secret_post", "none"];
    let metadata = json!({
        "issuer": issuer,
        "authorization_endpoint": at("/authorize"),
        "token_endpoint": at("/token"),
        "userinfo_endpoint": at("/userinfo"),
        "jwks_uri": at("/jwks"),
        "introspection_endpoint": at("/introspect"),
        "revocation_endpoint": at("/revoke"),
        // Not a registered metadata name: there is none for Google's tokeninfo.
        "tokeninfo_endpoint": at("/tokeninfo"),
        "end_session_endpoint": at("/end_session"),
        "response_types_supported": ["code"],
        "response_modes_supported": ["query"],
        "grant_types_supported": ["authorization_code", "refresh_token"],
        "code_challenge_methods_supported": ["S256"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["ES256"],
        "scopes_supported": scopes,
        "prompt_values_supported": ["none", "login", "consent", "select_account"],
        "claims_supported": [
            "iss", "sub", "aud", "iat", "exp", "auth_time", "nonce", "at_hash",
            "name", "preferred_username", "email", "email_verified",
        ],
        "token_endpoint_auth_methods_supported": any,
        "revocation_endpoint_auth_methods_supported": any,
        "introspection_endpoint_auth_methods_supported": secret,
        "dpop_signing_alg_values_supported": [ALGORITHM],
        "authorization_response_iss_parameter_supported": true,
        "claims_parameter_supported": false,
        "request_parameter_supported": false,
        "request_uri_parameter_supported": false,
    });
    ([(header::CACHE_CONTROL, "max-age=60")], Json(metadata))
}

/// Serves `GET /jwks` (RFC 7517).
pub(crate) async fn jwks(State(provider): State<Provider>) -> impl IntoResponse {
    (
        [(header::CACHE_CONTROL, "max-age=60")],
        Json(provider.signing_key().jwks()),
    )
}
