//! A summary of a valid configuration, for `confidant check`.

use super::{duration, effective::Config};
use confidant_bff::settings::{ClientAuthentication, Endpoints, Provider, ProviderProfile};
use std::fmt::{self, Debug, Display, Formatter};

/// Displays the main settings of a configuration, and no secret.
#[derive(Debug)]
pub struct Summary<'a>(
    /// The configuration.
    pub &'a Config,
);

impl Display for Summary<'_> {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        let config = self.0;
        let session = config.settings.session;
        writeln!(f, "public URL  {}", config.settings.public_url)?;
        writeln!(f, "listens on  {}", config.listen)?;
        if let Some(operator) = config.operator_listen {
            writeln!(f, "operator    {operator}: metrics and readiness")?;
        }
        writeln!(f, "store       {}", config.store)?;
        writeln!(f, "keys        {}", config.key_file.display())?;
        writeln!(
            f,
            "sessions    end after {} unused, and after {}",
            duration::format(session.idle),
            duration::format(session.absolute)
        )?;
        if config.demo {
            writeln!(f, "demo        on: not for production")?;
        }
        if config.settings.exchange_log {
            writeln!(f, "exchanges   are shown to their users")?;
        }
        for provider in &config.settings.providers {
            let at = match &provider.endpoints {
                Endpoints::Discover(issuer) => format!("discovery at {issuer}"),
                Endpoints::Fixed(fixed) => format!("tokens at {}", fixed.token_endpoint),
            };
            writeln!(
                f,
                "provider    {} (profile {}), client {}, {at}",
                provider.id, provider.profile, provider.client_id
            )?;
            writeln!(
                f,
                "            the client authenticates {}",
                authentication(provider)
            )?;
            if provider.own_callback {
                let origin = config.settings.public_url.as_str().trim_end_matches('/');
                let callback = &config.settings.paths.callback;
                writeln!(
                    f,
                    "            redirect URI {origin}{callback}/{}",
                    provider.id
                )?;
            }
            if let Some(custom) = &provider.custom_profile {
                writeln!(
                    f,
                    "            with {}",
                    differences(&provider.profile, custom)
                )?;
            }
        }
        for api in &config.settings.apis {
            let routes: Vec<_> = api.routes.iter().map(ToString::to_string).collect();
            writeln!(
                f,
                "API         {} with tokens of {}, at {}: {}",
                api.id,
                api.provider,
                api.upstream,
                routes.join(", ")
            )?;
        }
        Ok(())
    }
}

/// Returns how the client authenticates at the token endpoint.
fn authentication(provider: &Provider) -> &'static str {
    let preset = || ProviderProfile::by_id(&provider.profile).unwrap_or_default();
    let profile = provider.custom_profile.clone().unwrap_or_else(preset);
    match profile.client_authentication {
        Some(ClientAuthentication::Basic) => "by Basic",
        Some(ClientAuthentication::Body) => "in the body of the request",
        Some(ClientAuthentication::None) => "without a secret",
        None => "as the provider's metadata say, by Basic if they leave the choice",
    }
}

/// Lists what a profile overrides of its preset.
fn differences(preset: &str, custom: &ProviderProfile) -> String {
    let preset = ProviderProfile::by_id(preset).unwrap_or_default();
    let mut found = Vec::new();
    let mut compare = |name: &str, preset: &dyn Debug, custom: &dyn Debug| {
        let custom = format!("{custom:?}");
        if format!("{preset:?}") != custom {
            let value = custom.strip_prefix("Some(").unwrap_or(&custom);
            found.push(format!("{name} = {}", value.trim_end_matches(')')));
        }
    };
    macro_rules! compare {
        ($($field:ident),*) => {
            // Names each field, so that a new one is not forgotten.
            let ProviderProfile { endpoints: _, scopes: _, public_clients: _,
                authorize_params: _, token_errors: _, $($field: _),* } = &preset;
            $(compare(stringify!($field), &preset.$field, &custom.$field);)*
        };
    }
    compare!(
        client_authentication,
        pkce,
        repeats_nonce,
        scope_parameter,
        scope_separator,
        reuse,
        refresh_grant,
        narrows_scope,
        redirect_uri_at_refresh,
        nested_token,
        default_lifetime,
        userinfo,
        validation,
        revocation,
        revoke_on_replacement
    );
    if preset.token_errors != custom.token_errors {
        found.push("error_codes".to_owned());
    }
    found.join(", ")
}
