//! One `[[providers]]` entry.

use super::{
    address,
    diagnostics::Diagnostics,
    duration,
    effective::DemoProvider,
    endpoints,
    environment::Environment,
    id_token, identifier, profile,
    schema::{MaybeSpanned, Provider},
    scopes,
    secret::SecretError,
};
use confidant_bff::settings::{
    ClientAuthentication, Endpoints, ProfileEndpoints, Provider as ProviderSettings,
    ProviderProfile, Secret,
};
use std::collections::BTreeMap;
use url::Url;

/// Parameters of the authorization request that only the login may set.
/// Overriding one would disable a defence.
const RESERVED_PARAMETERS: &[&str] = &[
    "client_id",
    "code_challenge",
    "code_challenge_method",
    "nonce",
    "redirect_uri",
    "request",
    "request_uri",
    "response_type",
    "scope",
    "state",
];

/// Returns the provider's settings, or `None` if a value is missing or
/// invalid. If the entry is the demo provider of this process, both get the
/// same client secret.
pub(super) fn validate(
    entry: Provider,
    demo: Option<&mut DemoProvider>,
    environment: &Environment,
    diagnostics: &mut Diagnostics<'_>,
) -> Option<ProviderSettings> {
    let profile = profile::validate(&entry, diagnostics);
    let preset = profile.as_ref().map(|profile| &profile.effective);
    let demo = demo.filter(|demo| is_demo_provider(&entry, preset, demo));
    let id = diagnostics.parse(&entry.id, identifier::parse);
    if entry.client_id.get_ref().is_empty() {
        diagnostics.report(
            &entry.client_id,
            "is empty: expected the client id that the provider issued",
        );
    }
    let endpoints = endpoints::validate(&entry, preset, demo.as_deref(), diagnostics);
    let client_secret = match preset.and_then(|preset| preset.client_authentication) {
        Some(ClientAuthentication::None) => no_client_secret(&entry, diagnostics),
        _ => client_secret(&entry, demo, environment, diagnostics),
    };
    let public_client_id = public_client_id(&entry, endpoints.as_ref(), preset, diagnostics);
    let scopes = entry
        .scopes
        .and_then(|scopes| scopes::validate(scopes, diagnostics));
    let grace = diagnostics.parse_optional(&entry.grace, duration::parse);
    let authorize_params = authorize_params(entry.authorize_params, diagnostics);
    let id_token = id_token::validate(entry.id_token, diagnostics);
    let backchannel_url = backchannel_url(&entry.backchannel_url, diagnostics);
    let form_action = diagnostics.parse_all(&entry.form_action, address::origin);
    let mut provider =
        ProviderSettings::new(id?, endpoints?).client(entry.client_id.into_inner(), client_secret?);
    provider.name = entry.name.unwrap_or(provider.name);
    let profile = profile?;
    provider.scopes = scopes.unwrap_or_else(|| profile.effective.scopes.clone());
    provider.profile = profile.id;
    provider.custom_profile = profile.is_custom.then_some(profile.effective);
    provider.mediated = entry.mediated;
    provider.public_client_id = public_client_id;
    provider.grace = grace;
    provider.authorize_params = authorize_params?;
    provider.id_token = id_token?;
    provider.backchannel_url = backchannel_url;
    provider.own_callback = entry.own_callback;
    provider.iss_required = entry.iss_required;
    provider.form_action = form_action?;
    Some(provider)
}

/// Returns the origin at which the server reaches the provider. It may be plain
/// http: the operator vouches for the network by writing it down.
fn backchannel_url(value: &MaybeSpanned<String>, diagnostics: &mut Diagnostics<'_>) -> Option<Url> {
    diagnostics.parse_optional(value, |text| {
        let url = Url::parse(text).ok().filter(|url| {
            matches!(url.scheme(), "http" | "https")
                && url.path() == "/"
                && url.query().is_none()
                && url.fragment().is_none()
                && url.username().is_empty()
        });
        url.ok_or_else(|| {
            format!("{text:?} is no origin: expected a form like \"http://keycloak:8080\"")
        })
    })
}

fn is_demo_provider(
    entry: &Provider,
    profile: Option<&ProviderProfile>,
    demo: &DemoProvider,
) -> bool {
    match &entry.issuer {
        Some(issuer) => *issuer.get_ref() == demo.issuer,
        None => {
            let is_elsewhere =
                profile.is_some_and(|profile| profile.endpoints != ProfileEndpoints::Configured);
            let names_endpoints =
                entry.authorization_endpoint.is_some() || entry.token_endpoint.is_some();
            !is_elsewhere && !names_endpoints
        }
    }
}

/// Returns the secret of a client that has none.
fn no_client_secret(entry: &Provider, diagnostics: &mut Diagnostics<'_>) -> Option<Secret> {
    if let Some(source) = &entry.client_secret {
        let message = "is never sent, because of client_authentication = \"none\": expected \
                       one of the two";
        diagnostics.report(source, message);
        return None;
    }
    Some(Secret::new(""))
}

fn client_secret(
    entry: &Provider,
    demo: Option<&mut DemoProvider>,
    environment: &Environment,
    diagnostics: &mut Diagnostics<'_>,
) -> Option<Secret> {
    let Some(source) = &entry.client_secret else {
        if demo.is_none() {
            diagnostics.report(
                &entry.id,
                "has no client_secret: expected { env = \"NAME\" } or { file = \"path\" }",
            );
        }
        return demo.map(|demo| demo.client_secret.clone());
    };
    match (source.get_ref().read(environment), demo) {
        (Ok(secret), Some(demo)) => {
            demo.client_secret = secret.clone();
            Some(secret)
        }
        (Ok(secret), None) => Some(secret),
        (Err(SecretError::NotSet(_)), Some(demo)) => Some(demo.client_secret.clone()),
        (Err(error), _) => {
            diagnostics.report(source, error.to_string());
            None
        }
    }
}

/// Returns the client id of the public client. Pages find the provider by
/// discovery. Their client cannot be the server's own: that one's tokens are
/// bound to a secret that no page has (RFC 10017, section 6.3.3.1).
fn public_client_id(
    entry: &Provider,
    endpoints: Option<&Endpoints>,
    profile: Option<&ProviderProfile>,
    diagnostics: &mut Diagnostics<'_>,
) -> Option<String> {
    let value = entry.public_client_id.as_ref()?;
    let id = value.get_ref();
    if profile.is_some_and(|profile| !profile.public_clients) {
        let message = "pages cannot be clients of this provider: it registers none without a \
                       secret, or does not allow their requests";
        diagnostics.report(value, message);
    }
    if id.is_empty() || id == entry.client_id.get_ref() {
        diagnostics.report(
            value,
            "expected the id of a second client, registered without a secret",
        );
    }
    if matches!(endpoints, Some(Endpoints::Fixed(_))) {
        diagnostics.report(
            value,
            "pages find the provider by discovery: expected `issuer` and no endpoints",
        );
    }
    Some(id.clone())
}

fn authorize_params(
    params: MaybeSpanned<BTreeMap<String, String>>,
    diagnostics: &mut Diagnostics<'_>,
) -> Option<BTreeMap<String, String>> {
    let Some(params) = params else {
        return Some(BTreeMap::new());
    };
    // A response in a form is taken as one in a query is, but none in a fragment.
    let is_reserved = |name: &str, value: &str| match name {
        "response_mode" => !matches!(value, "query" | "form_post"),
        name => RESERVED_PARAMETERS.contains(&name),
    };
    let mut given = params.get_ref().iter();
    let reserved = given.find(|(name, value)| is_reserved(name, value));
    if let Some((name, _)) = reserved {
        let message = format!("`{name}` is set by the login itself and cannot be overridden");
        diagnostics.report(&params, message);
        return None;
    }
    Some(params.into_inner())
}
