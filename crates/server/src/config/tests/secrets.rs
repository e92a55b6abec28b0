//! Secrets: their sources, and that they are never shown.

use super::*;
use std::{fs::Permissions, os::unix::fs::PermissionsExt};

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
