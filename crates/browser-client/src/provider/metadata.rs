//! The provider's metadata (OpenID Connect Discovery 1.0; RFC 8414).

use crate::{Error, error::catalog::bad_metadata};
use confidant_protocol::loopback::is_loopback;
use confidant_wire::Claims;
use serde_json::Value;

/// The endpoints of a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Metadata {
    pub(crate) authorization_endpoint: String,
    pub(crate) token_endpoint: String,
    pub(crate) userinfo_endpoint: Option<String>,
    pub(crate) revocation_endpoint: Option<String>,
    pub(crate) end_session_endpoint: Option<String>,
    /// Google's endpoint for questions about a token.
    pub(crate) tokeninfo_endpoint: Option<String>,
    /// Whether every authorization response contains `iss` (RFC 9207).
    pub(crate) iss_required: bool,
}

/// Returns the address of the metadata.
pub(crate) fn configuration_url(issuer: &str) -> String {
    let issuer = issuer.trim_end_matches('/');
    format!("{issuer}/.well-known/openid-configuration")
}

impl Metadata {
    /// Reads the metadata.
    ///
    /// # Errors
    /// If they belong to another issuer, are incomplete, or name an endpoint
    /// that secrets would reach unencrypted.
    pub(crate) fn read(body: &str, issuer: &str) -> Result<Self, Error> {
        let fields: Claims =
            serde_json::from_str(body).map_err(|_| bad_metadata("cannot be read as JSON"))?;
        if fields.get("issuer").and_then(Value::as_str) != Some(issuer) {
            return Err(bad_metadata("are those of another issuer"));
        }
        let endpoint = |name: &str| match fields.get(name).and_then(Value::as_str) {
            Some(url) if !is_secure(url) => Err(bad_metadata("name an endpoint that is not https")),
            url => Ok(url.map(str::to_owned)),
        };
        let required = |name: &str| endpoint(name)?.ok_or_else(|| bad_metadata("lack an endpoint"));
        Ok(Self {
            authorization_endpoint: required("authorization_endpoint")?,
            token_endpoint: required("token_endpoint")?,
            userinfo_endpoint: endpoint("userinfo_endpoint")?,
            revocation_endpoint: endpoint("revocation_endpoint")?,
            end_session_endpoint: endpoint("end_session_endpoint")?,
            tokeninfo_endpoint: endpoint("tokeninfo_endpoint")?,
            iss_required: fields.get("authorization_response_iss_parameter_supported")
                == Some(&Value::Bool(true)),
        })
    }
}

/// Whether the URL is https, or leads to this machine.
fn is_secure(url: &str) -> bool {
    let Some(rest) = url.strip_prefix("http://") else {
        return url.starts_with("https://");
    };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = match authority.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|b| b.is_ascii_digit()) => host,
        _ => authority,
    };
    is_loopback(host)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn document() -> Value {
        json!({
            "issuer": "http://127.0.0.1:4000",
            "authorization_endpoint": "http://127.0.0.1:4000/authorize",
            "token_endpoint": "http://127.0.0.1:4000/token",
            "authorization_response_iss_parameter_supported": true,
        })
    }

    fn read(document: &Value) -> Result<Metadata, Error> {
        Metadata::read(&document.to_string(), "http://127.0.0.1:4000")
    }

    #[test]
    fn the_least_that_a_provider_has_is_two_endpoints() {
        let metadata = read(&document()).unwrap();
        assert_eq!(metadata.token_endpoint, "http://127.0.0.1:4000/token");
        assert!(metadata.iss_required);
        assert_eq!(metadata.userinfo_endpoint, None);
    }

    #[test]
    fn metadata_of_another_or_in_the_clear_are_refused() {
        for (field, value) in [
            ("issuer", json!("http://127.0.0.1:4000/")),
            ("token_endpoint", json!(null)),
            ("token_endpoint", json!("http://op.example/token")),
            (
                "userinfo_endpoint",
                json!("http://127.evil.example/userinfo"),
            ),
            (
                "revocation_endpoint",
                json!("http://127.0.0.1:80@evil.example/r"),
            ),
            ("authorization_endpoint", json!("javascript:alert(1)")),
        ] {
            let mut document = document();
            document[field] = value.clone();
            assert!(read(&document).is_err(), "{field} {value}");
        }
        assert!(Metadata::read("<html>", "x").is_err());
    }

    #[test]
    fn the_address_is_below_the_issuer() {
        let end = "/.well-known/openid-configuration";
        assert_eq!(
            configuration_url("https://op.example/t/"),
            format!("https://op.example/t{end}")
        );
    }
}
