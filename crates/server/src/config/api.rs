//! One `[[apis]]` entry.

use super::{
    address, duration, provider,
    schema::{Api, ByteSize, MaybeSpanned},
    validate::Diagnostics,
};
use confidant_bff::settings::{
    Api as ApiSettings, Endpoints, Provider as ProviderSettings, RequestHeader, Route,
};
use std::time::Duration;
use toml::Spanned;
use url::Url;

/// How long an API may keep silent.
const DEFAULT_TIMEOUT: Duration = Duration::from_secs(30);

/// How large a request's body may be, in bytes.
const DEFAULT_BODY_LIMIT: u64 = 10 * 1024 * 1024;

/// The rest of the configuration, as far as an API depends on it.
pub(super) struct Context<'a> {
    /// The ids of all providers.
    pub(super) ids: &'a [String],
    /// Those that were found right.
    pub(super) providers: &'a [ProviderSettings],
    /// Whether this is a demo.
    pub(super) demo: bool,
}

/// Lowers one entry; none where something is wrong with it.
pub(super) fn validate(
    entry: Api,
    context: &Context<'_>,
    diagnostics: &mut Diagnostics<'_>,
) -> Option<ApiSettings> {
    let id = diagnostics.parse(&entry.id, provider::id);
    let provider = diagnostics.parse(&entry.provider, |text| known(text, context.ids));
    let upstream = upstream(&entry, context, diagnostics);
    let routes = routes(entry.routes, diagnostics);
    let request_headers = request_headers(&entry.request_headers, diagnostics);
    let resource = diagnostics.parse_optional(&entry.resource, resource);
    let scope = match entry.scope {
        Some(scope) => Some(provider::scopes(Some(scope), diagnostics)?),
        None => None,
    };
    let timeout = match &entry.timeout {
        Some(value) => diagnostics.parse(value, duration::parse),
        None => Some(DEFAULT_TIMEOUT),
    };
    let body_limit = body_limit(entry.body_limit, diagnostics);
    let mut api = ApiSettings::at(id?, upstream?).provider(provider?);
    api.routes = routes?;
    api.request_headers = request_headers?;
    api.resource = resource;
    api.scope = scope;
    api.timeout = timeout?;
    api.body_limit = body_limit?;
    Some(api)
}

fn known(provider: &str, ids: &[String]) -> Result<String, String> {
    if ids.iter().any(|id| id == provider) {
        return Ok(provider.to_owned());
    }
    Err(format!(
        "there is no provider {provider:?}: expected one of {}",
        ids.join(", ")
    ))
}

/// In the demo, an API without an address is the demo provider's own.
fn upstream(entry: &Api, context: &Context<'_>, diagnostics: &mut Diagnostics<'_>) -> Option<Url> {
    if let Some(value) = &entry.upstream {
        return diagnostics.parse(value, |text| match address::endpoint(text)? {
            url if url.query().is_none() => Ok(url),
            _ => Err("a query has no place in this URL: it is the request's own".to_owned()),
        });
    }
    if !context.demo {
        diagnostics.report(
            &entry.id,
            "has no address: expected `upstream`, what all of its URLs begin with",
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
    routes: Spanned<Vec<Spanned<String>>>,
    diagnostics: &mut Diagnostics<'_>,
) -> Option<Vec<Route>> {
    if routes.get_ref().is_empty() {
        let expected = "is empty, so nothing would be forwarded: expected routes such as \
                        \"GET /orders/{id}\"";
        diagnostics.report(&routes, expected);
        return None;
    }
    let read = |route: &Spanned<String>| {
        diagnostics.parse(route, |text| {
            text.parse::<Route>().map_err(|error| error.to_string())
        })
    };
    // Each is looked at before any is given up on.
    let read: Vec<_> = routes.get_ref().iter().map(read).collect();
    read.into_iter().collect()
}

fn request_headers(
    names: &[Spanned<String>],
    diagnostics: &mut Diagnostics<'_>,
) -> Option<Vec<RequestHeader>> {
    let read = |name: &Spanned<String>| {
        diagnostics.parse(name, |text| {
            text.parse::<RequestHeader>()
                .map_err(|error| error.to_string())
        })
    };
    // Each is looked at before any is given up on.
    let read: Vec<_> = names.iter().map(read).collect();
    read.into_iter().collect()
}

/// RFC 8707, section 2.
fn resource(text: &str) -> Result<String, String> {
    match Url::parse(text) {
        Ok(url) if url.fragment().is_none() => Ok(text.to_owned()),
        _ => Err(format!(
            "{text:?} names no resource: expected an absolute URI without fragment \
             (RFC 8707, section 2)"
        )),
    }
}

fn body_limit(size: MaybeSpanned<ByteSize>, diagnostics: &mut Diagnostics<'_>) -> Option<u64> {
    let Some(size) = size else {
        return Some(DEFAULT_BODY_LIMIT);
    };
    match size.get_ref() {
        ByteSize::Number(bytes) => Some(*bytes),
        ByteSize::Text(text) => {
            let bytes = text.parse().ok();
            if bytes.is_none() {
                diagnostics.report(
                    &size,
                    format!("{text:?} is no size: expected a number of bytes"),
                );
            }
            bytes
        }
    }
}
