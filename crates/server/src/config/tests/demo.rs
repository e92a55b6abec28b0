//! The built-in demo configuration.

use super::*;
use confidant_bff::settings::Endpoints;
use std::path::PathBuf;

#[test]
fn without_a_configuration_the_demo_runs() {
    let config = Config::load(None, &Environment::default(), &generated).unwrap();
    let demo = config.demo_provider.unwrap();
    let [provider] = config.settings.providers.as_slice() else {
        panic!("one provider");
    };
    assert_eq!(config.listen.to_string(), "127.0.0.1:3000");
    assert_eq!(
        config.settings.public_url.as_str(),
        "http://localhost:3000/"
    );
    assert_eq!(config.key_file, PathBuf::from("confidant.keys"));
    assert!(
        matches!(&provider.endpoints, Endpoints::Discover(at) if at == "http://127.0.0.1:4000")
    );
    assert_eq!(provider.client_secret.reveal(), "generated");
    assert_eq!(demo.client_secret.reveal(), "generated");
}

#[test]
fn the_demo_has_an_exchange_log_unless_it_is_switched_off() {
    let load = |environment: &Environment| Config::load(None, environment, &generated).unwrap();
    assert!(load(&Environment::default()).settings.exchange_log);
    let off = [("CONFIDANT_EXCHANGE_LOG", "false")].into_iter().collect();
    let config = load(&off);
    assert!(config.demo && !config.settings.exchange_log);
}

#[test]
fn the_demo_uses_the_secret_of_its_variable_if_that_is_set() {
    let environment = [("DEMO_CLIENT_SECRET", "given")].into_iter().collect();
    let config = Config::load(None, &environment, &generated).unwrap();
    assert_eq!(config.settings.providers[0].client_secret.reveal(), "given");
    assert_eq!(
        config.demo_provider.unwrap().client_secret.reveal(),
        "given"
    );
}

#[test]
fn variables_alone_move_the_whole_demo_to_other_ports() {
    let environment = [
        ("CONFIDANT_LISTEN", "127.0.0.1:3100"),
        ("CONFIDANT_PUBLIC_URL", "http://localhost:3100"),
        ("CONFIDANT_DEMO_PROVIDER", "127.0.0.1:4100"),
        ("CONFIDANT_STORE", "sqlite:elsewhere.db"),
        ("CONFIDANT_LOG_FORMAT", "json"),
        ("CONFIDANT_PROVIDERS__DEMO__NAME", "Elsewhere"),
        ("PATH", "not ours"),
    ];
    let config = Config::load(None, &environment.into_iter().collect(), &generated).unwrap();
    let provider = &config.settings.providers[0];
    assert_eq!(config.listen.port(), 3100);
    assert_eq!(config.key_file, PathBuf::from("elsewhere.keys"));
    assert_eq!(config.log_format, LogFormat::Json);
    assert_eq!(provider.name, "Elsewhere");
    assert!(
        matches!(&provider.endpoints, Endpoints::Discover(at) if at == "http://127.0.0.1:4100")
    );
}

#[test]
fn with_postgres_the_demo_keeps_its_files_in_the_working_directory() {
    let store = [("CONFIDANT_STORE", "postgres://confidant@db.example/c")];
    let config = Config::load(None, &store.into_iter().collect(), &generated).unwrap();
    assert_eq!(config.key_file, PathBuf::from("confidant.keys"));
    let records = config.beside_store("provider.json");
    assert_eq!(records, PathBuf::from("confidant.provider.json"));
}

#[test]
fn a_demo_that_other_machines_reach_is_refused() {
    for (name, value) in [
        ("CONFIDANT_LISTEN", "0.0.0.0:3000"),
        ("CONFIDANT_LISTEN", "192.0.2.1:3000"),
        ("CONFIDANT_DEMO_PROVIDER", "0.0.0.0:4000"),
        ("CONFIDANT_PUBLIC_URL", "https://app.example"),
    ] {
        let environment = [(name, value)].into_iter().collect();
        let refused = Config::load(None, &environment, &generated).unwrap_err();
        let refused = refused.to_string();
        assert!(refused.contains(name), "{refused}");
        assert!(
            refused.contains("other machines reach this address"),
            "{refused}"
        );
    }
    let public = [("CONFIDANT_LISTEN", "0.0.0.0:3000")];
    assert!(load(SMALL, &public).is_ok(), "no demo");
}
