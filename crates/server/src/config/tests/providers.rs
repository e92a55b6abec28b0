//! `[[providers]]`, and the keys of other sections.

use super::*;
use crate::config::summary::Summary;
use confidant_bff::settings::{IdTokenSettings, IdTokenSignature};
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
fn the_checks_of_id_tokens_can_be_set() {
    let text = format!(
        "{SMALL}[providers.id_token]\ntrusted_audiences = [\"project\"]\ntenants = [\"t1\"]\n\
         leeway = \"2m\"\nnonce_required = false\nsignature = \"HS256\"\n"
    );
    let config = load(&text, &[]).unwrap();
    let id_token = &config.settings.providers[0].id_token;
    assert_eq!(id_token.trusted_audiences, ["project"]);
    assert_eq!(id_token.tenants, ["t1"]);
    assert_eq!(id_token.leeway, Duration::from_secs(120));
    assert!(!id_token.nonce_required);
    assert_eq!(id_token.signature, IdTokenSignature::Hs256);
    let config = load(SMALL, &[]).unwrap();
    let default = &config.settings.providers[0].id_token;
    assert_eq!(*default, IdTokenSettings::default());
    for (key, part) in [
        ("leeway = \"1h\"", "expected 10m at most"),
        ("signature = \"none\"", "unknown variant `none`"),
        ("audience = \"x\"", "unknown field `audience`"),
    ] {
        let message = refusal(&format!("{SMALL}[providers.id_token]\n{key}\n"), &[]);
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn x8_openid_with_endpoints_needs_an_issuer_and_keys() {
    let endpoints = "authorization_endpoint = \"https://idp.example/a\"\n\
                     token_endpoint = \"https://idp.example/t\"\n";
    let fixed = SMALL.replace("issuer = \"https://idp.example\"\n", endpoints);
    let message = refusal(&fixed, &[]);
    assert!(
        message.contains("providers[0].id: the scope openid needs `issuer` and `jwks_uri`"),
        "{message}"
    );
    load(&format!("{fixed}scopes = [\"read:user\"]\n"), &[]).unwrap();
    let keys = "issuer = \"https://idp.example\"\njwks_uri = \"https://idp.example/k\"\n";
    load(&format!("{fixed}{keys}"), &[]).unwrap();
}

#[test]
fn b16_an_issuer_of_several_tenants_needs_their_list() {
    let common = "https://login.microsoftonline.com/common/v2.0";
    let text = SMALL.replace("https://idp.example", common);
    let message = refusal(&text, &[]);
    assert!(message.contains("serves several tenants"), "{message}");
    load(&format!("{text}id_token = {{ tenants = [\"t1\"] }}\n"), &[]).unwrap();
}

#[test]
fn s12_several_providers_are_told_apart() {
    let second = SMALL.split_once("[[providers]]").unwrap().1;
    let second = second.replace("my-idp", "other");
    let text = format!("{SMALL}own_callback = true\n[[providers]]{second}");
    let message = refusal(&text, &[]);
    assert!(
        message.contains("providers[1].id: with several providers each needs `own_callback`"),
        "{message}"
    );
    let config = load(&format!("{text}own_callback = true\n"), &[]).unwrap();
    let summary = Summary(&config).to_string();
    for id in ["my-idp", "other"] {
        let uri = format!("redirect URI https://app.example/callback/{id}");
        assert!(summary.contains(&uri), "{summary}");
    }
    load(&format!("{text}iss_required = true\n"), &[]).unwrap();
}

#[test]
fn b17_the_back_channel_may_be_plain_http_and_is_an_origin() {
    let with = |url: &str| format!("{SMALL}backchannel_url = \"{url}\"\n");
    let config = load(&with("http://keycloak:8080"), &[]).unwrap();
    let url = config.settings.providers[0].backchannel_url.as_ref();
    assert_eq!(url.unwrap().as_str(), "http://keycloak:8080/");
    for bad in [
        "keycloak:8080",
        "http://keycloak:8080/realms",
        "ftp://keycloak",
        "http://a@b",
    ] {
        let message = refusal(&with(bad), &[]);
        assert!(message.contains("backchannel_url"), "{message}");
    }
}

#[test]
fn b31_a_response_in_a_form_needs_an_address_of_its_own() {
    let with = |mode: &str, more: &str| {
        format!("{SMALL}authorize_params = {{ response_mode = \"{mode}\" }}\n{more}\n")
    };
    load(&with("form_post", "own_callback = true"), &[]).unwrap();
    load(&with("query", ""), &[]).unwrap();
    let message = refusal(&with("form_post", ""), &[]);
    assert!(message.contains("needs `own_callback`"), "{message}");
    let message = refusal(&with("fragment", "own_callback = true"), &[]);
    assert!(message.contains("cannot be overridden"), "{message}");
}

#[test]
fn b25_further_origins_of_a_sign_in_can_be_named() {
    let with = |origin: &str| format!("{SMALL}form_action = [\"{origin}\"]\n");
    let config = load(&with("https://login.live.com"), &[]).unwrap();
    assert_eq!(config.settings.providers[0].form_action.len(), 1);
    let message = refusal(&with("https://login.live.com/path"), &[]);
    assert!(message.contains("form_action[0]"), "{message}");
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
