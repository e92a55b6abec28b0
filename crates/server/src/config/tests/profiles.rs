//! The profile of a `[[providers]]` entry, and the keys that override it.

use super::*;
use crate::config::summary::Summary;
use confidant_bff::settings::{
    ClientAuthentication, Endpoints, Provider, ProviderProfile, RefreshGrant, RevocationStyle,
    TokenValidation,
};
use confidant_protocol::Reuse;

/// Returns the only provider of a file whose entry has this id, these keys, a
/// client and a secret.
fn entry(keys: &str) -> Result<Provider, String> {
    let text = format!(
        "public_url = \"https://app.example\"\nkey_file = \"keys\"\n[[providers]]\n\
         id = \"p\"\nclient_id = \"web\"\nclient_secret = {{ env = \"IDP_SECRET\" }}\n{keys}\n"
    );
    load(&text, &[]).map(|config| config.settings.providers[0].clone())
}

const ISSUER: &str = "issuer = \"https://idp.example\"\n";

#[test]
fn a_provider_with_fixed_addresses_needs_its_profile_and_a_client_only() {
    let github = entry("profile = \"github\"").unwrap();
    assert!(github.custom_profile.is_none() && github.scopes.is_empty());
    let Endpoints::Fixed(endpoints) = &github.endpoints else {
        panic!("{:?}", github.endpoints);
    };
    assert_eq!(
        endpoints.token_endpoint.as_str(),
        "https://github.com/login/oauth/access_token"
    );
    let google = entry("profile = \"google\"").unwrap();
    assert_eq!(
        google.endpoints.issuer(),
        Some("https://accounts.google.com")
    );
    assert_eq!(google.scopes, ["openid", "profile", "email"]);
    let own = entry("profile = \"gitlab\"\nissuer = \"https://git.example\"").unwrap();
    assert_eq!(own.endpoints.issuer(), Some("https://git.example"));
    let message = entry("profile = \"entra\"").unwrap_err();
    assert!(message.contains("has no address"), "{message}");
}

#[test]
fn one_fixed_address_can_be_replaced() {
    let user = "https://graph.facebook.com/me?fields=id";
    let facebook = entry(&format!(
        "profile = \"facebook\"\nuserinfo_endpoint = {user:?}"
    ));
    let Endpoints::Fixed(endpoints) = facebook.unwrap().endpoints else {
        panic!();
    };
    assert_eq!(
        endpoints.userinfo_endpoint.map(String::from).as_deref(),
        Some(user)
    );
    assert_eq!(
        endpoints.token_endpoint.as_str(),
        "https://graph.facebook.com/oauth/access_token"
    );
}

#[test]
fn every_key_overrides_its_field() {
    type Check = fn(&ProviderProfile) -> bool;
    let cases: &[(&str, Check)] = &[
        ("client_authentication = \"post\"", |p| {
            p.client_authentication == Some(ClientAuthentication::Body)
        }),
        ("client_authentication = \"basic\"", |p| {
            p.client_authentication == Some(ClientAuthentication::Basic)
        }),
        ("pkce = false", |p| !p.pkce),
        ("scope_parameter = \"user_scope\"", |p| {
            p.scope_parameter == "user_scope"
        }),
        ("scope_separator = \",\"", |p| p.scope_separator == ','),
        ("reuse = \"reusable\"", |p| p.reuse == Reuse::Reusable),
        ("refresh_grant = \"fb_exchange_token\"", |p| {
            p.refresh_grant == RefreshGrant::FacebookExchange
        }),
        ("redirect_uri_at_refresh = true", |p| {
            p.redirect_uri_at_refresh
        }),
        ("nested_token = \"user\"", |p| {
            p.nested_token.as_deref() == Some("user")
        }),
        ("default_lifetime = \"2h\"", |p| {
            p.default_lifetime == Some(7200)
        }),
        (
            "error_codes = { dead = [\"gone\"], busy = [\"later\"], vague_is_dead = false }",
            |p| {
                let errors = &p.token_errors;
                errors.dead.contains(&"gone".to_owned())
                    && errors.dead.contains(&"invalid_grant".to_owned())
                    && errors.busy.contains(&"later".to_owned())
                    && !errors.vague_is_dead
            },
        ),
        (
            "error_codes = { rate_limited = [\"invalid_grant\"] }",
            |p| {
                let code = "invalid_grant".to_owned();
                p.token_errors.rate_limited.contains(&code) && !p.token_errors.dead.contains(&code)
            },
        ),
        (
            "error_codes = { misconfigured = [\"a\"], ambiguous = [\"b\"] }",
            |p| {
                p.token_errors.misconfigured.ends_with(&["a".to_owned()])
                    && p.token_errors.ambiguous.ends_with(&["b".to_owned()])
            },
        ),
        ("validation = \"userinfo\"", |p| {
            p.validation == TokenValidation::Userinfo
        }),
        ("tokeninfo_endpoint = \"https://idp.example/info\"", |p| {
            p.validation == TokenValidation::Tokeninfo("https://idp.example/info".to_owned())
        }),
        ("revocation = \"bearer_post\"", |p| {
            p.revocation == RevocationStyle::BearerPost
        }),
        ("revocation = \"bearer_delete\"", |p| {
            p.revocation == RevocationStyle::BearerDelete
        }),
        ("revocation = \"json_delete\"", |p| {
            p.revocation == RevocationStyle::JsonDelete
        }),
        ("revoke_on_replacement = false", |p| {
            !p.revoke_on_replacement
        }),
        (
            "userinfo = { post = true, subject = \"data.id\", name = \"data.name\" }",
            |p| {
                p.userinfo.post
                    && p.userinfo.subject.as_deref() == Some("data.id")
                    && p.userinfo.name.as_deref() == Some("data.name")
            },
        ),
    ];
    for (keys, is_overridden) in cases {
        let provider = entry(&format!("{ISSUER}{keys}")).unwrap();
        let profile = provider.custom_profile.expect(keys);
        assert!(is_overridden(&profile), "{keys}: {profile:?}");
        assert!(!is_overridden(&ProviderProfile::generic()), "{keys}");
    }
    assert!(entry(ISSUER).unwrap().custom_profile.is_none());
}

#[test]
fn a_value_that_makes_no_sense_is_refused_with_what_is_expected() {
    for (keys, expected) in [
        (
            "profile = \"myspace\"",
            "there is no profile \"myspace\": expected one of generic, apple,",
        ),
        (
            "client_authentication = \"client_secret_post\"",
            "expected \"basic\" or \"post\" or \"none\"",
        ),
        (
            "client_authentication = \"none\"",
            "client_secret: is never sent",
        ),
        ("scope_separator = \";\"", "expected \" \" or \",\""),
        (
            "scope_parameter = \"a b\"",
            "is not the name of a parameter",
        ),
        ("reuse = \"never\"", "expected \"strict\" or \"reusable\""),
        (
            "reuse = \"strict\"\ngrace = \"30s\"",
            "reuse: contradicts `grace`",
        ),
        (
            "refresh_grant = \"password\"",
            "expected \"refresh_token\" or \"fb_exchange_token\"",
        ),
        ("default_lifetime = \"0s\"", "is not a duration"),
        ("error_codes = { ded = [] }", "unknown field `ded`"),
        (
            "validation = \"tokeninfo\"",
            "expected \"introspection\" or \"userinfo\"",
        ),
        (
            "validation = \"userinfo\"\ntokeninfo_endpoint = \"https://idp.example/i\"",
            "contradicts `tokeninfo_endpoint`",
        ),
        ("revocation = \"get\"", "revocation: \"get\" is unknown"),
        ("userinfo = { sub = \"id\" }", "unknown field `sub`"),
        (
            "profile = \"github\"\npublic_client_id = \"pages\"",
            "pages cannot be clients of this provider",
        ),
    ] {
        let message = entry(&format!("{ISSUER}{keys}")).unwrap_err();
        assert!(message.contains(expected), "{keys}: {message}");
    }
}

#[test]
fn a_client_without_a_secret_needs_none_in_the_file() {
    let text = SMALL.replace(
        "client_secret = { env = \"IDP_SECRET\" }",
        "client_authentication = \"none\"",
    );
    let config = load(&text, &[]).unwrap();
    assert_eq!(config.settings.providers[0].client_secret.reveal(), "");
}

#[test]
fn a_variable_overrides_these_keys_too() {
    let name = "CONFIDANT_PROVIDERS__MY_IDP__CLIENT_AUTHENTICATION";
    let config = load(SMALL, &[(name, "post")]).unwrap();
    let profile = config.settings.providers[0].custom_profile.clone();
    assert_eq!(
        profile.unwrap().client_authentication,
        Some(ClientAuthentication::Body)
    );
}

#[test]
fn the_summary_shows_what_is_overridden() {
    let text =
        format!("{SMALL}client_authentication = \"post\"\nerror_codes = {{ dead = [\"x\"] }}\n");
    let config = load(&text, &[]).unwrap();
    let summary = Summary(&config).to_string();
    assert!(
        summary.contains("with client_authentication = Body, error_codes\n"),
        "{summary}"
    );
}
