//! `[[providers]]`, and the keys of other sections.

use super::*;
use std::time::Duration;

const GOOGLE: &str = include_str!("../../../config/google.toml");

#[test]
fn a_providers_grace_and_the_times_of_refreshes_can_be_set() {
    let text = format!("{SMALL}grace = \"30s\"\n[refresh]\ndeadline = \"2s\"\nahead = \"2m\"\n");
    let config = load(&text, &[]).unwrap();
    assert_eq!(
        config.settings.providers[0].grace,
        Some(Duration::from_secs(30))
    );
    assert_eq!(config.settings.timing.deadline, Duration::from_secs(2));
    assert_eq!(config.settings.timing.lease, Duration::from_secs(6));
    assert_eq!(config.settings.timing.ahead, Duration::from_secs(120));
    let wrong = refusal(&text, &[("CONFIDANT_REFRESH__DEADLINE", "5m")]);
    assert!(wrong.contains("expected 1m at most"), "{wrong}");
    let wrong = refusal(&text, &[("CONFIDANT_PROVIDERS__MY_IDP__GRACE", "soon")]);
    assert!(wrong.contains("is not a duration"), "{wrong}");
}

#[test]
fn the_google_example_is_valid() {
    let config = load(
        GOOGLE,
        &[("CONFIDANT_PROVIDERS__GOOGLE__CLIENT_ID", "mine")],
    )
    .unwrap();
    let google = &config.settings.providers[0];
    assert_eq!(google.profile, "google");
    assert_eq!(google.client_id, "mine");
    assert_eq!(google.authorize_params["access_type"], "offline");
    assert_eq!(google.authorize_params["prompt"], "consent");
    assert!(!google.scopes.contains(&"offline_access".to_owned()));
    assert_eq!(config.settings.apis[0].body_limit, 0);
    assert!(!config.demo && !config.settings.exchange_log && config.demo_provider.is_none());
}

#[test]
fn a_variable_overrides_a_key_by_the_providers_id_or_index() {
    for name in [
        "CONFIDANT_PROVIDERS__MY_IDP__SCOPES",
        "CONFIDANT_PROVIDERS__0__SCOPES",
    ] {
        for value in ["openid email", r#"["openid", "email"]"#] {
            let config = load(SMALL, &[(name, value)]).unwrap();
            assert_eq!(config.settings.providers[0].scopes, ["openid", "email"]);
        }
    }
    let config = load(SMALL, &[("CONFIDANT_SESSION__IDLE", "2h")]).unwrap();
    assert_eq!(config.settings.session.idle.as_secs(), 7200);
}

#[test]
fn pages_are_a_client_of_their_own_and_find_the_provider_by_discovery() {
    let with = |more: &str| SMALL.replace("client_id =", &format!("{more}\nclient_id ="));
    let config = load(&with("mediated = true\npublic_client_id = \"pages\""), &[]).unwrap();
    let provider = &config.settings.providers[0];
    assert!(provider.mediated);
    assert_eq!(provider.public_client_id.as_deref(), Some("pages"));
    let neither = load(SMALL, &[]).unwrap();
    let provider = &neither.settings.providers[0];
    assert!(!provider.mediated && provider.public_client_id.is_none());

    for id in ["", &provider.client_id] {
        let message = refusal(&with(&format!("public_client_id = {id:?}")), &[]);
        assert!(
            message.contains("public_client_id: expected the id of a second client"),
            "{message}"
        );
    }
    let fixed = with(
        "authorization_endpoint = \"https://idp.example/a\"\n\
         token_endpoint = \"https://idp.example/t\"\npublic_client_id = \"pages\"",
    );
    let message = refusal(&fixed, &[]);
    assert!(
        message.contains("pages find the provider by discovery"),
        "{message}"
    );
}

#[test]
fn the_exchange_log_can_be_switched_on_outside_the_demo() {
    let is_on = |text: &str, variables: &[(&str, &str)]| {
        let config = load(text, variables).unwrap();
        config.settings.exchange_log
    };
    assert!(!is_on(SMALL, &[]));
    assert!(is_on(&format!("exchange_log = true\n{SMALL}"), &[]));
    assert!(is_on(SMALL, &[("CONFIDANT_EXCHANGE_LOG", "true")]));
}
