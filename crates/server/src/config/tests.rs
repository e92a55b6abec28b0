mod apis;

use super::*;
use confidant_bff::settings::{Endpoints, Secret};
use std::{fs::Permissions, os::unix::fs::PermissionsExt, path::PathBuf, time::Duration};

const GOOGLE: &str = include_str!("../../config/google.toml");

const SMALL: &str = r#"
public_url = "https://app.example"
key_file = "keys"

[[providers]]
id = "my-idp"
issuer = "https://idp.example"
client_id = "web"
client_secret = { env = "IDP_SECRET" }
"#;

fn generated() -> Secret {
    Secret::new("generated")
}

fn load(text: &str, variables: &[(&str, &str)]) -> Result<Config, String> {
    let environment = [("IDP_SECRET", "hush"), ("GOOGLE_CLIENT_SECRET", "hush")]
        .iter()
        .chain(variables)
        .copied()
        .collect();
    Config::parse("c.toml", text, &environment, &generated).map_err(|error| error.to_string())
}

fn refusal(text: &str, variables: &[(&str, &str)]) -> String {
    load(text, variables).map(|_| ()).unwrap_err()
}

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
c.toml:4: store: "mysql:" is no store: expected "sqlite:PATH" or "postgres://USER@HOST/DATABASE"
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

fn assert_refusal(found: &str, expected: &str) {
    assert_eq!(found, expected.trim(), "found:\n{found}");
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
CONFIDANT_SESION__IDLE: sesion.idle: unknown field `sesion`, expected one of `listen`, `public_url`, `store`, `key_file`, `demo`, `demo_provider`, `log_format`, `session`, `refresh`, `providers`, `apis`
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

#[test]
fn a_secret_in_the_configuration_is_refused_and_not_repeated() {
    let inline = SMALL.replace("{ env = \"IDP_SECRET\" }", "\"hunter2\"");
    let odd = SMALL.replace("{ env = \"IDP_SECRET\" }", "{ value = \"hunter2\" }");
    let number = SMALL.replace("{ env = \"IDP_SECRET\" }", "[7654321]");
    let variable = [("CONFIDANT_PROVIDERS__MY_IDP__CLIENT_SECRET", "hunter2")];
    for refusal in [
        refusal(&inline, &[]),
        refusal(&odd, &[]),
        refusal(&number, &[]),
        refusal(SMALL, &variable),
    ] {
        assert!(refusal.contains("expected { env = "), "{refusal}");
        assert!(refusal.contains("providers[0].client_secret"), "{refusal}");
        assert!(!refusal.contains("hunter2") && !refusal.contains("7654321"));
    }
}

#[test]
fn a_secret_file_that_other_users_can_read_is_refused_with_its_key_and_the_remedy() {
    let file = tempfile::NamedTempFile::new().unwrap();
    std::fs::write(file.path(), "hush").unwrap();
    let path = file.path().display();
    let text = SMALL.replace(
        "{ env = \"IDP_SECRET\" }",
        &format!("{{ file = \"{path}\" }}"),
    );
    let with_mode = |mode| {
        std::fs::set_permissions(file.path(), Permissions::from_mode(mode)).unwrap();
        load(&text, &[])
    };
    let config = with_mode(0o600).unwrap();
    assert_eq!(config.settings.providers[0].client_secret.reveal(), "hush");
    assert_refusal(
        &with_mode(0o644).map(|_| ()).unwrap_err(),
        &format!(
            "c.toml:9: providers[0].client_secret: the file {path} is open to other users: \
             run `chmod 600 {path}`"
        ),
    );
}

#[test]
fn a_summary_names_no_secret() {
    let store = "postgres://confidant:hush@db.example/confidant";
    let config = load(SMALL, &[("CONFIDANT_STORE", store)]).unwrap();
    let shown = format!("{}{config:?}", summary::Summary(&config));
    assert!(
        shown.contains("my-idp") && shown.contains("db.example") && !shown.contains("hush"),
        "{shown}"
    );
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
