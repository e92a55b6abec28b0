//! Checks the decoded file and builds the [`Config`].

use super::{
    address,
    api::{self, Context},
    demo_provider,
    diagnostics::Diagnostics,
    document::Document,
    effective::{Config, DemoProvider},
    environment::Environment,
    error::Diagnostic,
    identifier, library, limits, provider,
    schema::{Api, File, MaybeSpanned, Provider},
    storage, timing,
};
use confidant_bff::settings::{Api as ApiSettings, Provider as ProviderSettings, Secret};
use std::net::{Ipv4Addr, SocketAddr};
use toml::Spanned;
use url::Url;

/// Builds the configuration, or returns everything that is wrong with the file.
pub(super) fn validate(
    document: &Document<'_>,
    file: File,
    environment: &Environment,
    generate_secret: &dyn Fn() -> Secret,
) -> Result<Config, Vec<Diagnostic>> {
    let mut diagnostics = Diagnostics::new(document);
    let config = config(file, environment, generate_secret, &mut diagnostics);
    diagnostics.finish(config)
}

/// Checks all values before it gives up on one.
fn config(
    file: File,
    environment: &Environment,
    generate_secret: &dyn Fn() -> Secret,
    diagnostics: &mut Diagnostics<'_>,
) -> Option<Config> {
    let default_listen = SocketAddr::from((Ipv4Addr::LOCALHOST, 3000));
    let listen = diagnostics.parse_or(&file.listen, default_listen, address::listen);
    let public_url = public_url(&file.public_url, diagnostics);
    let store = storage::store(&file.store, diagnostics);
    let key_file = storage::key_file(&file, store.as_ref(), diagnostics);
    let session = timing::session(&file.session, diagnostics);
    let timing = timing::refresh(&file.refresh, diagnostics);
    let operator_listen = match &file.operator.listen {
        Some(listen) => diagnostics.parse(listen, address::listen).map(Some),
        None => Some(None),
    };
    let trusted_proxies =
        limits::proxies(&file.trusted_proxies, file.forwarded_header, diagnostics);
    let connection_limits = limits::connections(&file.limits, diagnostics);
    let request_limits = limits::requests(&file.limits, diagnostics);
    let demo = file.is_demo();
    demo_provider::check_build(&file, diagnostics);
    let mut demo_provider = demo_provider::validate(&file, generate_secret, diagnostics);
    demo_provider::check_addresses(
        &file,
        listen,
        public_url.as_ref(),
        demo_provider.as_ref(),
        diagnostics,
    );
    if file.providers.is_empty() {
        diagnostics.report_missing("providers", "expected at least one [[providers]]");
    }
    let ids = identifier::distinct(&file.providers, "provider", |entry| &entry.id, diagnostics);
    let providers = providers(
        file.providers,
        demo_provider.as_mut(),
        environment,
        diagnostics,
    );
    let context = Context {
        provider_ids: &ids,
        providers: &providers,
        demo,
    };
    let apis = apis(file.apis, &context, diagnostics);
    let mut settings = library::settings(public_url?);
    settings.session = session?;
    settings.timing = timing?;
    settings.providers = providers;
    settings.apis = apis;
    settings.exchange_log = file.exchange_log.unwrap_or(demo);
    Some(Config {
        listen: listen?,
        store: store?,
        key_file: key_file?,
        demo,
        demo_provider,
        log_format: file.log_format,
        operator_listen: operator_listen?,
        trusted_proxies: trusted_proxies?,
        connection_limits: connection_limits?,
        request_limits: request_limits?,
        settings,
    })
}

fn public_url(value: &MaybeSpanned<String>, diagnostics: &mut Diagnostics<'_>) -> Option<Url> {
    if value.is_none() {
        let expected = "expected the origin at which users reach the application, \
                        such as \"https://app.example\"";
        diagnostics.report_missing("public_url", expected);
    }
    diagnostics.parse_optional(value, address::origin)
}

/// Returns the valid entries.
fn providers(
    entries: Vec<Spanned<Provider>>,
    mut demo: Option<&mut DemoProvider>,
    environment: &Environment,
    diagnostics: &mut Diagnostics<'_>,
) -> Vec<ProviderSettings> {
    let mut valid = Vec::new();
    let one_of_several = entries.len() > 1;
    for entry in entries {
        let demo = demo.as_deref_mut();
        let id = entry.get_ref().id.clone();
        let provider = provider::validate(entry.into_inner(), demo, environment, diagnostics);
        for problem in provider.iter().flat_map(|one| one.problems(one_of_several)) {
            diagnostics.report(&id, problem.to_string());
        }
        valid.extend(provider);
    }
    valid
}

/// Returns the valid entries.
fn apis(
    entries: Vec<Spanned<Api>>,
    context: &Context<'_>,
    diagnostics: &mut Diagnostics<'_>,
) -> Vec<ApiSettings> {
    identifier::distinct(&entries, "API", |entry| &entry.id, diagnostics);
    let mut valid = Vec::new();
    for entry in entries {
        valid.extend(api::validate(entry.into_inner(), context, diagnostics));
    }
    valid
}
