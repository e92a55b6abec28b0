//! One `[[apis]]` entry.

use super::{
    address,
    diagnostics::Diagnostics,
    duration, identifier,
    schema::{Api, ByteSize, MaybeSpanned},
    scopes,
};
use confidant_bff::settings::{
    Api as ApiSettings, Endpoints, Provider as ProviderSettings, RequestHeader, ResponseHeader,
    Route,
};
use std::{fmt::Display, str::FromStr};
use toml::Spanned;
use url::Url;

/// What the checks of an API need to know of the other keys.
pub(super) struct Context<'a> {
    /// The ids of all providers.
    pub(super) provider_ids: &'a [String],
    /// The valid providers.
    pub(super) providers: &'a [ProviderSettings],
    /// Whether this is a demo.
    pub(super) demo: bool,
}

/// Returns the API's settings, or `None` if a value is missing or invalid.
pub(super) fn validate(
    entry: Api,
    context: &Context<'_>,
    diagnostics: &mut Diagnostics<'_>,
) -> Option<ApiSettings> {
    let id = diagnostics.parse(&entry.id, identifier::parse);
    let provider = diagnostics.parse(&entry.provider, |text| {
        known_provider(text, context.provider_ids)
    });
    let upstream = upstream(&entry, context, diagnostics);
    let routes = routes(&entry.routes, diagnostics);
    let request_headers = diagnostics.parse_all(&entry.request_headers, from_str::<RequestHeader>);
    let response_headers =
        diagnostics.parse_all(&entry.response_headers, from_str::<ResponseHeader>);
    let resource = diagnostics.parse_optional(&entry.resource, resource);
    let scope = entry
        .scope
        .and_then(|scope| scopes::validate(scope, diagnostics));
    let timeout = diagnostics.parse_optional(&entry.timeout, duration::parse);
    let idle = diagnostics.parse_optional(&entry.idle, duration::parse);
    let body_limit = body_limit(&entry.body_limit, diagnostics);
    let mut api = ApiSettings::at(id?, upstream?).provider(provider?);
    api.routes = routes?;
    api.request_headers = request_headers?;
    api.response_headers = response_headers?;
    api.resource = resource;
    api.scope = scope;
    api.timeout = timeout.unwrap_or(api.timeout);
    api.idle = idle;
    api.body_limit = body_limit.unwrap_or(api.body_limit);
    Some(api)
}

fn known_provider(provider: &str, ids: &[String]) -> Result<String, String> {
    if ids.iter().any(|id| id == provider) {
        return Ok(provider.to_owned());
    }
    Err(format!(
        "there is no provider {provider:?}: expected one of {}",
        ids.join(", ")
    ))
}

/// Returns the API's base URL. In the demo, an API without one is the demo
/// provider's own.
fn upstream(entry: &Api, context: &Context<'_>, diagnostics: &mut Diagnostics<'_>) -> Option<Url> {
    if let Some(value) = &entry.upstream {
        return diagnostics.parse(value, |text| match address::endpoint(text)? {
            url if url.query().is_none() => Ok(url),
            _ => Err("this URL cannot have a query: each request brings its own".to_owned()),
        });
    }
    if !context.demo {
        diagnostics.report(
            &entry.id,
            "has no address: expected `upstream`, the base URL of its paths",
        );
        return None;
    }
    let mut providers = context.providers.iter();
    let provider = providers.find(|provider| provider.id == *entry.provider.get_ref())?;
    match &provider.endpoints {
        Endpoints::Discover(issuer) => format!("{}/api", issuer.trim_end_matches('/')).parse().ok(),
        Endpoints::Fixed(_) => {
            diagnostics.report(&entry.id, "has no address: expected `upstream`");
            None
        }
    }
}

fn routes(
    routes: &Spanned<Vec<Spanned<String>>>,
    diagnostics: &mut Diagnostics<'_>,
) -> Option<Vec<Route>> {
    if routes.get_ref().is_empty() {
        let expected = "is empty, so nothing would be forwarded: expected routes such as \
                        \"GET /orders/{id}\"";
        diagnostics.report(routes, expected);
        return None;
    }
    diagnostics.parse_all(routes.get_ref(), from_str::<Route>)
}

fn from_str<T>(text: &str) -> Result<T, String>
where
    T: FromStr<Err: Display>,
{
    text.parse::<T>().map_err(|error| error.to_string())
}

/// Parses a resource indicator (RFC 8707, section 2).
fn resource(text: &str) -> Result<String, String> {
    match Url::parse(text) {
        Ok(url) if url.fragment().is_none() => Ok(text.to_owned()),
        _ => Err(format!(
            "{text:?} is not a resource: expected an absolute URI without fragment \
             (RFC 8707, section 2)"
        )),
    }
}

fn body_limit(size: &MaybeSpanned<ByteSize>, diagnostics: &mut Diagnostics<'_>) -> Option<u64> {
    let size = size.as_ref()?;
    match size.get_ref() {
        ByteSize::Number(bytes) => Some(*bytes),
        ByteSize::Text(text) => {
            let bytes = text.parse().ok();
            if bytes.is_none() {
                diagnostics.report(
                    size,
                    format!("{text:?} is not a size: expected a number of bytes"),
                );
            }
            bytes
        }
    }
}
