//! A summary of a valid configuration, for `confidant check`.

use super::{duration, effective::Config};
use confidant_bff::settings::Endpoints;
use std::fmt::{self, Display, Formatter};

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
