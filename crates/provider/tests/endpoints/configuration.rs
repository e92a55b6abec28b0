//! Configurations that prevent a start.

use confidant_provider::{Config, ConfigError, Provider, StartError};

use crate::app::{APP, ISSUER};

#[test]
fn an_issuer_must_have_scheme_host_and_port_only() {
    for issuer in [
        "",
        "127.0.0.1:4000",
        "ftp://127.0.0.1",
        "http://127.0.0.1:4000/path",
    ] {
        let started = Provider::start(Config::new(issuer));
        assert!(
            matches!(started, Err(StartError::Config(ConfigError::Issuer(_)))),
            "{issuer}"
        );
    }
    assert!(Provider::start(Config::new("http://127.0.0.1:4000/")).is_ok());
}

#[test]
fn a_redirect_uri_must_be_absolute_and_have_no_fragment() {
    for uri in ["/callback", "http://localhost:3000/callback#here"] {
        let mut config = Config::demo(APP, ISSUER, "secret");
        config.clients[0].redirect_uris.push(uri.to_owned());
        let started = Provider::start(config);
        assert!(
            matches!(
                started,
                Err(StartError::Config(ConfigError::RedirectUri { .. }))
            ),
            "{uri}"
        );
    }
}

#[test]
fn clients_and_users_must_be_distinct() {
    let mut config = Config::demo(APP, ISSUER, "secret");
    let again = config.users[0].clone();
    config.users.push(again);
    assert!(matches!(
        Provider::start(config),
        Err(StartError::Config(ConfigError::Duplicate(_)))
    ));
}

#[test]
fn secrets_are_not_printed() {
    let config = Config::demo(APP, ISSUER, "a-client-secret");
    assert!(!format!("{config:?}").contains("a-client-secret"));
}
