//! One `[[providers]]` entry.

use super::{
    DemoProvider, address, duration,
    environment::Environment,
    schema::{MaybeSpanned, Provider, Scopes},
    secret::SecretError,
    validate::Diagnostics,
};
use confidant_bff::settings::{
    Endpoints, FixedEndpoints, Profile, Provider as ProviderSettings, Secret,
};
use std::collections::BTreeMap;
use toml::Spanned;

/// Parameters of the authorization request that are ours alone to set: a
/// deployment that could would switch a defence off.
const RESERVED_PARAMETERS: &[&str] = &[
    "client_id",
    "code_challenge",
    "code_challenge_method",
    "nonce",
    "redirect_uri",
    "request",
    "request_uri",
    "response_mode",
    "response_type",
    "scope",
    "state",
];

/// Lowers one entry; none where something is wrong with it. The entry that
/// means the demo provider in this process shares its secret with it.
pub(super) fn validate(
    entry: Provider,
    demo: Option<&mut DemoProvider>,
    environment: &Environment,
    diagnostics: &mut Diagnostics<'_>,
) -> Option<ProviderSettings> {
    let demo = demo.filter(|demo| is_demo_provider(&entry, demo));
    let id = diagnostics.parse(&entry.id, id);
    if entry.client_id.get_ref().is_empty() {
        diagnostics.report(
            &entry.client_id,
            "is empty: expected the id the provider gave",
        );
    }
    let profile = match &entry.profile {
        Some(value) => diagnostics.parse(value, profile),
        None => Some("generic".to_owned()),
    };
    let endpoints = endpoints(&entry, demo.as_deref(), diagnostics);
    let client_secret = client_secret(&entry, demo, environment, diagnostics);
    let public_client_id = public_client_id(&entry, endpoints.as_ref(), diagnostics);
    let scopes = scopes(entry.scopes, diagnostics);
    let grace = match &entry.grace {
        Some(value) => diagnostics.parse(value, duration::parse).map(Some),
        None => Some(None),
    };
    let authorize_params = authorize_params(entry.authorize_params, diagnostics);
    let id = id?;
    let mut provider = ProviderSettings::new(id, endpoints?)
        .profile(profile?)
        .client(entry.client_id.into_inner(), client_secret?)
        .scopes(scopes?);
    if let Some(name) = entry.name {
        provider.name = name;
    }
    provider.mediated = entry.mediated;
    provider.public_client_id = public_client_id;
    provider.grace = grace?;
    provider.authorize_params = authorize_params?;
    Some(provider)
}

fn is_demo_provider(entry: &Provider, demo: &DemoProvider) -> bool {
    match &entry.issuer {
        Some(issuer) => *issuer.get_ref() == demo.issuer,
        None => entry.authorization_endpoint.is_none() && entry.token_endpoint.is_none(),
    }
}

/// An id stands in paths, in logs and in the names of variables.
pub(super) fn id(text: &str) -> Result<String, String> {
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-' || c == '_';
    if (1..=64).contains(&text.len()) && text.chars().all(allowed) {
        Ok(text.to_owned())
    } else {
        Err(format!(
            "{text:?} is no id: expected 1 to 64 of a-z, 0-9, hyphen and underscore"
        ))
    }
}

fn profile(id: &str) -> Result<String, String> {
    match Profile::by_id(id) {
        Some(_) => Ok(id.to_owned()),
        None => Err(format!(
            "there is no profile {id:?}: expected one of {}",
            Profile::IDS.join(", ")
        )),
    }
}

fn endpoints(
    entry: &Provider,
    demo: Option<&DemoProvider>,
    diagnostics: &mut Diagnostics<'_>,
) -> Option<Endpoints> {
    let issuer = diagnostics.parse_optional(&entry.issuer, |text| {
        address::endpoint(text).and_then(|url| match url.query() {
            None => Ok(text.to_owned()),
            Some(_) => Err("an issuer has no query (RFC 8414, section 2)".to_owned()),
        })
    });
    let mut url =
        |value: &MaybeSpanned<String>| diagnostics.parse_optional(value, address::endpoint);
    let authorization_endpoint = url(&entry.authorization_endpoint);
    let token_endpoint = url(&entry.token_endpoint);
    let userinfo_endpoint = url(&entry.userinfo_endpoint);
    let introspection_endpoint = url(&entry.introspection_endpoint);
    let revocation_endpoint = url(&entry.revocation_endpoint);
    let end_session_endpoint = url(&entry.end_session_endpoint);
    let jwks_uri = url(&entry.jwks_uri);

    let written = [
        &entry.authorization_endpoint,
        &entry.token_endpoint,
        &entry.userinfo_endpoint,
        &entry.introspection_endpoint,
        &entry.revocation_endpoint,
        &entry.end_session_endpoint,
        &entry.jwks_uri,
    ];
    let Some(first) = written.into_iter().flatten().next() else {
        if entry.issuer.is_none() && demo.is_none() {
            diagnostics.report(
                &entry.id,
                "has no address: expected `issuer` (discovery), or `authorization_endpoint` \
                 and `token_endpoint`",
            );
        }
        return issuer
            .or_else(|| demo.map(|demo| demo.issuer.clone()))
            .map(Endpoints::Discover);
    };
    if entry.authorization_endpoint.is_none() || entry.token_endpoint.is_none() {
        diagnostics.report(
            first,
            "endpoints are written down in full or not at all: expected at least \
             `authorization_endpoint` and `token_endpoint`",
        );
    }
    Some(Endpoints::Fixed(Box::new(FixedEndpoints {
        issuer,
        authorization_endpoint: authorization_endpoint?,
        token_endpoint: token_endpoint?,
        userinfo_endpoint,
        introspection_endpoint,
        revocation_endpoint,
        end_session_endpoint,
        jwks_uri,
    })))
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

/// Pages discover the provider by themselves, and can be told of one client
/// only that is not the server's own: its tokens would be bound to a secret
/// that no page has (RFC 10017, section 6.3.3.1).
fn public_client_id(
    entry: &Provider,
    endpoints: Option<&Endpoints>,
    diagnostics: &mut Diagnostics<'_>,
) -> Option<String> {
    let written = entry.public_client_id.as_ref()?;
    let id = written.get_ref();
    if id.is_empty() || id == entry.client_id.get_ref() {
        diagnostics.report(
            written,
            "expected the id of a second client, one that was registered without a secret",
        );
    }
    if matches!(endpoints, Some(Endpoints::Fixed(_))) {
        diagnostics.report(
            written,
            "pages find the provider by discovery: expected `issuer` and no endpoints",
        );
    }
    Some(id.clone())
}

/// The scopes to ask for; `openid` where nothing is said.
pub(super) fn scopes(
    scopes: MaybeSpanned<Scopes>,
    diagnostics: &mut Diagnostics<'_>,
) -> Option<Vec<String>> {
    let Some(scopes) = scopes else {
        return Some(vec!["openid".to_owned()]);
    };
    let span = scopes.span();
    let list = scopes.into_inner().into_list();
    // RFC 6749, section 3.3: scope-token.
    let is_scope = |scope: &String| {
        !scope.is_empty()
            && scope
                .bytes()
                .all(|b| matches!(b, 0x21 | 0x23..=0x5b | 0x5d..=0x7e))
    };
    if let Some(bad) = list.iter().find(|scope| !is_scope(scope)) {
        let message = format!("{bad:?} is no scope (RFC 6749, section 3.3)");
        diagnostics.report(&Spanned::new(span, ()), message);
        return None;
    }
    if list.is_empty() {
        diagnostics.report(&Spanned::new(span, ()), "is empty: expected a scope");
        return None;
    }
    Some(list)
}

fn authorize_params(
    params: MaybeSpanned<BTreeMap<String, String>>,
    diagnostics: &mut Diagnostics<'_>,
) -> Option<BTreeMap<String, String>> {
    let Some(params) = params else {
        return Some(BTreeMap::new());
    };
    let ours = params
        .get_ref()
        .keys()
        .find(|name| RESERVED_PARAMETERS.contains(&name.as_str()));
    if let Some(name) = ours {
        let message = format!("`{name}` is set by the login itself and cannot be overridden");
        diagnostics.report(&params, message);
        return None;
    }
    Some(params.into_inner())
}
