//! Errors and their locations.

use super::*;

#[test]
fn an_error_in_the_file_names_its_key_and_line_and_what_was_expected() {
    let cases = [
        (
            "session.idel = \"8h\"",
            "c.toml:1: session.idel: unknown field `idel`, expected `idle` or `absolute`",
        ),
        (
            "listen = 3000",
            "c.toml:1: listen: invalid type: integer `3000`, expected a string",
        ),
        (
            "listen = ",
            "c.toml:1: string values must be quoted, expected literal string",
        ),
        (
            "\n\n[[providers]]\nid = \"a\"",
            "c.toml:3: providers[0]: missing field `client_id`",
        ),
    ];
    for (text, message) in cases {
        assert_eq!(refusal(text, &[]), message);
    }
}

#[test]
fn all_invalid_values_are_reported_at_once() {
    let text = r#"
listen = "3000"
public_url = "http://app.example/app"
store = "mysql:"
demo_provider = "127.0.0.1:4000"
[session]
idle = "8 hours"
absolute = "0d"
[[providers]]
id = "My IdP"
client_id = ""
token_endpoint = "http://idp.example/token"
scopes = []
authorize_params = { state = "1" }
[[providers]]
id = "b"
issuer = "https://idp.example"
client_id = "web"
client_secret = { env = "NOWHERE" }
[[providers]]
id = "b"
client_id = "web"
"#;
    assert_refusal(
        &refusal(text, &[]),
        r#"
c.toml: key_file: missing: expected the path of the file with the keys that encrypt tokens in the store (`confidant keygen` makes a key)
c.toml:2: listen: "3000" is not an address and a port: expected a form like "127.0.0.1:3000"
c.toml:3: public_url: "http://app.example/app" is plain http: expected https, or http on localhost, 127.0.0.1 or [::1]
c.toml:4: store: "mysql:" is not the URL of a store: expected "sqlite:PATH" or "postgres://USER@HOST/DATABASE"
c.toml:5: demo_provider: is allowed only with demo = true
c.toml:7: session.idle: "8 hours" is not a duration: expected a form like "90s", "15m", "8h" or "7d"
c.toml:8: session.absolute: "0d" is not a duration: expected a form like "90s", "15m", "8h" or "7d"
c.toml:10: providers[0].id: "My IdP" is not an id: expected 1 to 64 of a-z, 0-9, hyphen and underscore
c.toml:10: providers[0].id: has no client_secret: expected { env = "NAME" } or { file = "path" }
c.toml:11: providers[0].client_id: is empty: expected the client id that the provider issued
c.toml:12: providers[0].token_endpoint: "http://idp.example/token" is plain http: expected https, or http on localhost, 127.0.0.1 or [::1]
c.toml:12: providers[0].token_endpoint: without discovery, both `authorization_endpoint` and `token_endpoint` are needed
c.toml:13: providers[0].scopes: is empty: expected a scope
c.toml:14: providers[0].authorize_params: `state` is set by the login itself and cannot be overridden
c.toml:19: providers[1].client_secret: the environment variable NOWHERE is not set
c.toml:21: providers[2].id: a second provider with the id "b"
c.toml:21: providers[2].id: has no address: expected `issuer` (discovery), or `authorization_endpoint` and `token_endpoint`
c.toml:21: providers[2].id: has no client_secret: expected { env = "NAME" } or { file = "path" }
"#,
    );
}

#[test]
fn an_error_in_a_variable_names_the_variable() {
    let cases = [
        ("CONFIDANT_SESION__IDLE", "8h"),
        ("CONFIDANT_SESSION__IDLE", "8 hours"),
        ("CONFIDANT_SESSION__IDLE", "30d"),
        ("CONFIDANT_DEMO", "yes"),
        ("CONFIDANT_", "1"),
        ("CONFIDANT_SESSION__IDLE__DAYS", "1"),
        ("CONFIDANT_PROVIDERS__1__CLIENT_ID", "x"),
        ("CONFIDANT_PROVIDERS__OTHER__CLIENT_ID", "x"),
        ("CONFIDANT_PROVIDERS__0", "x"),
        ("CONFIDANT_PROVIDERS__MY_IDP__ISSUER", "idp.example"),
        ("CONFIDANT_PROVIDERS__MY_IDP__SCOPES", "[\"open"),
    ];
    let mut found = String::new();
    for (name, value) in cases {
        found.push_str(&refusal(SMALL, &[(name, value)]));
        found.push('\n');
    }
    assert_refusal(
        found.trim(),
        r#"
CONFIDANT_SESION__IDLE: sesion.idle: unknown field `sesion`, expected one of `listen`, `public_url`, `store`, `key_file`, `demo`, `demo_provider`, `exchange_log`, `log_format`, `trusted_proxies`, `forwarded_header`, `operator`, `limits`, `session`, `refresh`, `providers`, `apis`
CONFIDANT_SESSION__IDLE: session.idle: "8 hours" is not a duration: expected a form like "90s", "15m", "8h" or "7d"
CONFIDANT_SESSION__IDLE: session.idle: a session cannot be idle for 30d if it lives for 7d: expected idle to be at most absolute
CONFIDANT_DEMO: demo: invalid type: string "yes", expected a boolean
CONFIDANT_: names no key: expected a form like CONFIDANT_SESSION__IDLE
CONFIDANT_SESSION__IDLE__DAYS: session.idle.days: invalid type: map, expected a string
CONFIDANT_PROVIDERS__1__CLIENT_ID: `providers` has no entry with the id or index `1`
CONFIDANT_PROVIDERS__OTHER__CLIENT_ID: `providers` has no entry with the id or index `other`
CONFIDANT_PROVIDERS__0: names no key of `providers`
CONFIDANT_PROVIDERS__MY_IDP__ISSUER: providers[0].issuer: "idp.example" is not a URL (relative URL without a base): expected a form like "https://app.example"
CONFIDANT_PROVIDERS__MY_IDP__SCOPES: unclosed array, expected `]`
"#,
    );
}
