//! The configurations in the providers' guides, as an operator pastes them.

#![allow(clippy::unwrap_used, reason = "a guide that cannot be read has failed")]

use confidant::config::{Config, Environment};
use confidant_bff::settings::{ProviderProfile, Secret};
use std::{fs, path::Path};

const SHORTEST: usize = 25;
const LONGEST: usize = 45;

fn guide(id: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../bff/docs/providers");
    fs::read_to_string(folder.join(format!("{id}.md"))).unwrap()
}

/// Returns the only TOML block of a guide.
fn toml(guide: &str) -> &str {
    let (_, rest) = guide.split_once("```toml\n").unwrap();
    let (toml, rest) = rest.split_once("```").unwrap();
    assert!(!rest.contains("```toml"), "{guide}");
    toml
}

#[test]
fn the_configuration_of_every_guide_is_valid() {
    for id in ProviderProfile::IDS {
        let guide = guide(id);
        let toml = toml(&guide);
        let secret = toml.split('"').find(|text| text.ends_with("_SECRET"));
        let environment: Environment = [(secret.unwrap(), "hush")].into_iter().collect();
        let config = Config::parse(id, toml, &environment, &|| Secret::new("generated"));
        let config = config.unwrap_or_else(|error| panic!("{error}"));
        let provider = &config.settings.providers[0];
        assert_eq!(provider.profile, *id);
        let preset = ProviderProfile::by_id(id).unwrap();
        assert_eq!(
            provider.public_client_id.is_some(),
            preset.public_clients,
            "{id}"
        );
    }
}

#[test]
fn every_guide_says_where_to_register_what_to_ask_for_and_what_a_refresh_does() {
    for id in ProviderProfile::IDS {
        let guide = guide(id);
        let lines = guide.lines().count();
        assert!((SHORTEST..=LONGEST).contains(&lines), "{id}: {lines} lines");
        for part in [
            "## Registration",
            "**Redirect URIs.**",
            "https://app.example/callback",
            "**Scopes.**",
            "## Refresh",
            "## Pitfalls",
        ] {
            assert!(guide.contains(part), "{id}: {part}");
        }
    }
}
