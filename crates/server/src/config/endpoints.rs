//! A provider's endpoints: found by discovery, or written down.

use super::{
    address,
    diagnostics::Diagnostics,
    effective::DemoProvider,
    schema::{MaybeSpanned, Provider},
};
use confidant_bff::settings::{Endpoints, FixedEndpoints, ProviderProfile};
use toml::Spanned;

/// Returns the endpoints of this entry. Without any address they are those of
/// its profile, or the entry is the demo provider of this process.
pub(super) fn validate(
    entry: &Provider,
    profile: Option<&ProviderProfile>,
    demo: Option<&DemoProvider>,
    diagnostics: &mut Diagnostics<'_>,
) -> Option<Endpoints> {
    let issuer = diagnostics.parse_optional(&entry.issuer, issuer);
    let known = profile.and_then(Endpoints::of_profile);
    match (first_endpoint(entry), known) {
        (Some(first), known) => fixed(entry, issuer, first, known, diagnostics),
        (None, Some(known)) if entry.issuer.is_none() => Some(known),
        (None, _) => {
            if entry.issuer.is_none() && demo.is_none() {
                diagnostics.report(
                    &entry.id,
                    "has no address: expected `issuer` (discovery), or `authorization_endpoint` \
                     and `token_endpoint`",
                );
            }
            issuer
                .or_else(|| demo.map(|demo| demo.issuer.clone()))
                .map(Endpoints::Discover)
        }
    }
}

fn issuer(text: &str) -> Result<String, String> {
    match address::endpoint(text)?.query() {
        None => Ok(text.to_owned()),
        Some(_) => Err("an issuer cannot have a query (RFC 8414, section 2)".to_owned()),
    }
}

/// Returns the first endpoint that the entry names, if any.
fn first_endpoint(entry: &Provider) -> Option<&Spanned<String>> {
    [
        &entry.authorization_endpoint,
        &entry.token_endpoint,
        &entry.userinfo_endpoint,
        &entry.introspection_endpoint,
        &entry.revocation_endpoint,
        &entry.end_session_endpoint,
        &entry.jwks_uri,
    ]
    .into_iter()
    .flatten()
    .next()
}

fn fixed(
    entry: &Provider,
    issuer: Option<String>,
    first: &Spanned<String>,
    known: Option<Endpoints>,
    diagnostics: &mut Diagnostics<'_>,
) -> Option<Endpoints> {
    let mut url =
        |value: &MaybeSpanned<String>| diagnostics.parse_optional(value, address::endpoint);
    let authorization_endpoint = url(&entry.authorization_endpoint);
    let token_endpoint = url(&entry.token_endpoint);
    let userinfo_endpoint = url(&entry.userinfo_endpoint);
    let introspection_endpoint = url(&entry.introspection_endpoint);
    let revocation_endpoint = url(&entry.revocation_endpoint);
    let end_session_endpoint = url(&entry.end_session_endpoint);
    let jwks_uri = url(&entry.jwks_uri);
    if let Some(Endpoints::Fixed(known)) = known {
        return Some(Endpoints::Fixed(Box::new(FixedEndpoints {
            issuer: issuer.or(known.issuer),
            authorization_endpoint: authorization_endpoint.unwrap_or(known.authorization_endpoint),
            token_endpoint: token_endpoint.unwrap_or(known.token_endpoint),
            userinfo_endpoint: userinfo_endpoint.or(known.userinfo_endpoint),
            introspection_endpoint: introspection_endpoint.or(known.introspection_endpoint),
            revocation_endpoint: revocation_endpoint.or(known.revocation_endpoint),
            end_session_endpoint: end_session_endpoint.or(known.end_session_endpoint),
            jwks_uri: jwks_uri.or(known.jwks_uri),
        })));
    }
    if entry.authorization_endpoint.is_none() || entry.token_endpoint.is_none() {
        diagnostics.report(
            first,
            "without discovery, both `authorization_endpoint` and `token_endpoint` are needed",
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
