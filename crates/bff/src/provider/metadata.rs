//! A provider's metadata (OpenID Connect Discovery 1.0; RFC 8414). Only members
//! that are used are read: the others may be missing or have any type.

use crate::settings::{FixedEndpoints, IdTokenSignature, Provider};
use confidant_protocol::{id_token::tenants, log_text::log_text, loopback::is_loopback};
use confidant_wire::Claims;
use serde_json::Value;
use url::{Origin, Url};

/// A provider's endpoints, and what it says of itself.
#[derive(Clone, Debug)]
pub(crate) struct Metadata {
    /// The endpoints.
    pub(crate) endpoints: FixedEndpoints,
    /// Google's endpoint that validates access tokens.
    pub(crate) tokeninfo_endpoint: Option<Url>,
    /// Whether every authorization response names its issuer (RFC 9207).
    pub(crate) names_issuer: bool,
    /// How clients may authenticate at the token endpoint; empty if the metadata
    /// do not say.
    pub(crate) client_authentication_methods: Vec<String>,
}

/// Why a provider's metadata or keys cannot be fetched.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MetadataError {
    /// The provider does not respond.
    #[error("the provider does not respond")]
    Unavailable,
    /// The document is malformed or contradictory.
    #[error("the provider's metadata make no sense: {0}")]
    Nonsense(String),
}

impl Metadata {
    /// Returns the metadata of a provider whose endpoints are configured.
    pub(super) fn of_fixed(endpoints: &FixedEndpoints) -> Self {
        Self {
            endpoints: endpoints.clone(),
            tokeninfo_endpoint: None,
            names_issuer: false,
            client_authentication_methods: Vec::new(),
        }
    }

    /// Reads the document of the provider with this issuer.
    ///
    /// # Errors
    /// If it belongs to another issuer, lacks an endpoint that is needed, or
    /// names one that secrets would reach in plain text.
    pub(super) fn read(
        document: &[u8],
        issuer: &str,
        provider: &Provider,
    ) -> Result<Self, MetadataError> {
        let document: Claims = serde_json::from_slice(document)
            .map_err(|error| nonsense(format!("they are no JSON object: {error}")))?;
        let found = document.get("issuer").and_then(Value::as_str);
        check_issuer(found.unwrap_or_default(), issuer, provider)?;
        let policy = PlainHttp::new(issuer, provider.backchannel_url.as_ref());
        let url = |name: &str| endpoint(&document, name, &policy);
        // Users' browsers go there, not over our back channel.
        let for_users = |name: &str| endpoint(&document, name, &PlainHttp::new(issuer, None));
        let present = |name: &str, found: Option<Url>| {
            found.ok_or_else(|| nonsense(format!("{name} is missing")))
        };
        let metadata = Self {
            endpoints: FixedEndpoints {
                issuer: found.map(str::to_owned),
                authorization_endpoint: present(
                    "authorization_endpoint",
                    for_users("authorization_endpoint")?,
                )?,
                token_endpoint: present("token_endpoint", url("token_endpoint")?)?,
                userinfo_endpoint: url("userinfo_endpoint")?,
                introspection_endpoint: url("introspection_endpoint")?,
                revocation_endpoint: url("revocation_endpoint")?,
                end_session_endpoint: for_users("end_session_endpoint")?,
                jwks_uri: url("jwks_uri")?,
            },
            tokeninfo_endpoint: url("tokeninfo_endpoint")?,
            names_issuer: document.get("authorization_response_iss_parameter_supported")
                == Some(&Value::Bool(true)),
            client_authentication_methods: texts(
                &document,
                "token_endpoint_auth_methods_supported",
            ),
        };
        let needs_keys =
            provider.is_openid() && provider.id_token.signature == IdTokenSignature::PublicKey;
        match metadata.endpoints.jwks_uri {
            None if needs_keys => Err(nonsense(
                "jwks_uri is missing, so no ID token could be verified",
            )),
            _ => Ok(metadata),
        }
    }
}

/// Returns the addresses where the metadata of an issuer may be: below the
/// issuer, and between its host and its path (RFC 8414, section 3).
pub(super) fn addresses(issuer: &str) -> Result<[Url; 2], MetadataError> {
    let parsed = Url::parse(issuer)
        .map_err(|error| nonsense(format!("{} is no issuer: {error}", log_text(issuer))))?;
    let path = parsed.path().trim_end_matches('/');
    let at = |path: String| {
        let mut url = parsed.clone();
        url.set_path(&path);
        url
    };
    Ok([
        at(format!("{path}/.well-known/openid-configuration")),
        at(format!("/.well-known/oauth-authorization-server{path}")),
    ])
}

/// The document must be that of the issuer that was asked for (Discovery,
/// section 4.3), or stand for its tenants.
fn check_issuer(found: &str, expected: &str, provider: &Provider) -> Result<(), MetadataError> {
    if found == expected {
        return Ok(());
    }
    let name = log_text(found);
    if !tenants::is_template(found) {
        return Err(nonsense(format!(
            "they are those of the issuer {name:?}, not of {expected:?}"
        )));
    }
    if !tenants::matches(found, expected) {
        return Err(nonsense(format!(
            "their issuer {name:?} does not stand for {expected:?}"
        )));
    }
    if provider.id_token.tenants.is_empty() {
        return Err(nonsense(format!(
            "{expected} serves several tenants, and none is configured: list their ids in `tenants`, \
             or use the issuer of one tenant"
        )));
    }
    Ok(())
}

/// Where plain http is accepted: on this machine if the issuer is there, and at
/// the configured back channel.
struct PlainHttp {
    on_loopback: bool,
    backchannel: Option<Origin>,
}

impl PlainHttp {
    fn new(issuer: &str, backchannel: Option<&Url>) -> Self {
        let issuer = Url::parse(issuer).ok();
        Self {
            on_loopback: issuer.is_some_and(|issuer| is_on_loopback(&issuer)),
            backchannel: backchannel.map(Url::origin),
        }
    }

    fn accepts(&self, url: &Url) -> bool {
        match url.scheme() {
            "https" => true,
            "http" => {
                self.on_loopback && is_on_loopback(url)
                    || self.backchannel.as_ref() == Some(&url.origin())
            }
            _ => false,
        }
    }
}

fn is_on_loopback(url: &Url) -> bool {
    url.host_str().is_some_and(is_loopback)
}

/// Returns the texts in a list; none if there is no list.
fn texts(document: &Claims, name: &str) -> Vec<String> {
    let list = document.get(name).and_then(Value::as_array);
    let texts = list.into_iter().flatten().filter_map(Value::as_str);
    texts.map(str::to_owned).collect()
}

fn endpoint(
    document: &Claims,
    name: &str,
    policy: &PlainHttp,
) -> Result<Option<Url>, MetadataError> {
    let value = match document.get(name) {
        None | Some(Value::Null) => return Ok(None),
        Some(Value::String(text)) if text.is_empty() => return Ok(None),
        Some(value) => value,
    };
    let text = log_text(&value.to_string());
    let url = value.as_str().and_then(|text| Url::parse(text).ok());
    let url = url.ok_or_else(|| nonsense(format!("{name} is no URL: {text}")))?;
    if !policy.accepts(&url) {
        return Err(nonsense(format!("{name} is not https: {text}")));
    }
    Ok(Some(url))
}

pub(super) fn nonsense(text: impl Into<String>) -> MetadataError {
    MetadataError::Nonsense(text.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Endpoints;
    use confidant_protocol::cases::loopback::{LOOPBACK, OTHER};
    use serde_json::json;

    const ISSUER: &str = "https://op.example/realms/x";

    fn document(changes: &Value) -> Vec<u8> {
        let mut document = json!({
            "issuer": ISSUER,
            "authorization_endpoint": "https://op.example/authorize",
            "token_endpoint": "https://op.example/token",
            "jwks_uri": "https://op.example/keys",
        });
        for (name, value) in changes.as_object().unwrap() {
            document[name] = value.clone();
        }
        document.to_string().into_bytes()
    }

    fn read_with(changes: &Value, provider: &Provider) -> Result<Metadata, String> {
        let issuer = provider.endpoints.issuer().unwrap();
        Metadata::read(&document(changes), issuer, provider).map_err(|error| error.to_string())
    }

    fn read(changes: &Value) -> Result<Metadata, String> {
        read_with(changes, &Provider::discover("p", ISSUER))
    }

    #[test]
    fn x5_what_is_not_needed_may_be_missing_or_odd() {
        read(&json!({})).unwrap();
        read(&json!({
            "response_types_supported": "code", "subject_types_supported": 7,
            "userinfo_endpoint": "", "end_session_endpoint": null,
            "token_endpoint_auth_methods_supported": {}, "extra": [1],
        }))
        .unwrap();
    }

    #[test]
    fn b38_the_error_names_the_member() {
        for (changes, part) in [
            (json!({ "jwks_uri": null }), "jwks_uri is missing"),
            (
                json!({ "token_endpoint": null }),
                "token_endpoint is missing",
            ),
            (
                json!({ "token_endpoint": "x" }),
                "token_endpoint is no URL: \"x\"",
            ),
            (
                json!({ "issuer": "https://evil.example" }),
                "https://evil.example",
            ),
            (
                json!({ "issuer": 7 }),
                "not of \"https://op.example/realms/x\"",
            ),
        ] {
            let error = read(&changes).unwrap_err();
            assert!(error.contains(part), "{error}");
        }
        let provider = Provider::discover("p", ISSUER);
        let error = Metadata::read(b"<html>", ISSUER, &provider).unwrap_err();
        assert!(error.to_string().contains("no JSON"), "{error}");
    }

    #[test]
    fn without_openid_no_keys_are_needed() {
        let provider = Provider::discover("p", ISSUER).scopes(["profile"]);
        read_with(&json!({ "jwks_uri": null }), &provider).unwrap();
    }

    #[test]
    fn s21_every_endpoint_must_be_https() {
        for name in [
            "authorization_endpoint",
            "token_endpoint",
            "userinfo_endpoint",
            "introspection_endpoint",
            "revocation_endpoint",
            "end_session_endpoint",
            "jwks_uri",
            "tokeninfo_endpoint",
        ] {
            for url in [
                "http://keycloak:8080/x",
                "http://127.0.0.1/x",
                "javascript:alert(1)",
            ] {
                let error = read(&json!({ name: url })).unwrap_err();
                assert!(error.contains(&format!("{name} is not https")), "{error}");
            }
        }
    }

    #[test]
    fn b17_the_back_channel_may_be_plain_http() {
        let provider = Provider::discover("p", ISSUER)
            .backchannel_url(Url::parse("http://keycloak:8080").unwrap());
        let at = |url: &str| read_with(&json!({ "token_endpoint": url }), &provider);
        at("http://keycloak:8080/token").unwrap();
        at("http://keycloak:8081/token").unwrap_err();
        at("http://other:8080/token").unwrap_err();
        // Browsers do not use it.
        for name in ["authorization_endpoint", "end_session_endpoint"] {
            let sent = json!({ name: "http://keycloak:8080/page" });
            let error = read_with(&sent, &provider).unwrap_err();
            assert!(error.contains(&format!("{name} is not https")), "{error}");
        }
    }

    #[test]
    fn b16_an_issuer_of_several_tenants_needs_their_list() {
        let issuer = "https://login.example/common/v2.0";
        let changes = json!({ "issuer": "https://login.example/{tenantid}/v2.0" });
        let mut provider = Provider::discover("p", issuer);
        let error = read_with(&changes, &provider).unwrap_err();
        assert!(error.contains("tenants"), "{error}");
        provider.id_token.tenants = vec!["t1".into()];
        read_with(&changes, &provider).unwrap();
        provider.endpoints = Endpoints::Discover("https://evil.example/common/v2.0".into());
        read_with(&changes, &provider).unwrap_err();
    }

    #[test]
    fn the_document_lies_below_the_issuer_or_before_its_path() {
        let found = addresses("https://op.example/t/")
            .unwrap()
            .map(String::from);
        assert_eq!(
            found,
            [
                "https://op.example/t/.well-known/openid-configuration",
                "https://op.example/.well-known/oauth-authorization-server/t",
            ]
        );
        assert!(addresses("no issuer").is_err());
    }

    /// Returns whether http is accepted on this host for an issuer on this
    /// machine; `None` if it is no host of a URL.
    fn accepts_http_on(host: &str) -> Option<bool> {
        let url = Url::parse(&format!("http://{host}/")).ok()?;
        let policy = PlainHttp::new("http://localhost", None);
        // The URL parser rewrites hosts such as `127.1`.
        (url.host_str() == Some(&host.to_lowercase())).then(|| policy.accepts(&url))
    }

    #[test]
    fn plain_http_is_accepted_on_this_machine_only() {
        for host in LOOPBACK {
            assert_ne!(accepts_http_on(host), Some(false), "{host}");
        }
        for host in OTHER {
            assert_ne!(accepts_http_on(host), Some(true), "{host}");
        }
        assert_eq!(accepts_http_on("app.localhost"), Some(true));
        assert_eq!(accepts_http_on("[::1]"), Some(true));
        assert_eq!(accepts_http_on("10.0.0.1"), Some(false));
    }
}
