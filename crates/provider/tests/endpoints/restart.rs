//! What survives a restart.

use std::{fs, time::Duration};

use confidant_provider::{Config, Provider, StartError, StateFileError};

use crate::app::{ISSUER, TestApp, web_request};

#[tokio::test]
async fn sessions_consent_key_and_tokens_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let app = TestApp::with_state_file(folder.path().join("state.json"));
    let browser = app.browser();
    let code = browser.code(&[]).await;
    let first = app.exchange("confidant-web", &code).await;
    let second = app.refreshed(first.refresh()).await;
    let jwks = app.get("/jwks").await.json();
    let cookies = browser.cookies();

    let app = app.restarted();
    assert_eq!(app.get("/jwks").await.json(), jwks);
    assert!(app.accepts(second.access()).await);
    let browser = app.browser_with(cookies);
    let silent = browser.get(&web_request(&[("prompt", "none")])).await;
    assert!(silent.location().contains("code="));

    // The records of rotated tokens survive as well.
    app.refresh(first.refresh())
        .await
        .assert_error(400, "invalid_grant");
    assert!(!app.accepts(second.access()).await);
    let app = app.restarted();
    assert!(!app.accepts(second.access()).await);
}

#[tokio::test]
async fn a_form_opened_before_the_restart_stays_valid() {
    let folder = tempfile::tempdir().unwrap();
    let app = TestApp::with_state_file(folder.path().join("state.json"));
    let browser = app.browser();
    let page = browser.sign_in(&web_request(&[]), "alice").await;
    let cookies = browser.cookies();
    let app = app.restarted();
    let response = app.browser_with(cookies).allow(&page).await;
    assert!(response.location().contains("code="));
}

#[tokio::test]
async fn the_state_file_holds_no_token_and_only_its_owner_can_read_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.json");
    let app = TestApp::with_state_file(path.clone());
    let browser = app.browser();
    let code = browser.code(&[]).await;
    let tokens = app.exchange("confidant-web", &code).await;
    let text = fs::read_to_string(&path).unwrap();
    let session = &browser.cookies()["meridian_session"];
    for secret in [&code, tokens.access(), tokens.refresh(), session] {
        assert!(!text.contains(secret));
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(
            fs::metadata(&path).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
}

#[test]
fn an_invalid_state_file_prevents_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.json");
    let start = || {
        let mut config = Config::new(ISSUER);
        config.state_file = Some(path.clone());
        Provider::start(config)
    };
    fs::write(&path, "not json").unwrap();
    assert!(matches!(
        start(),
        Err(StartError::File(StateFileError::Content(_)))
    ));
    assert_eq!(
        fs::read_to_string(&path).unwrap(),
        "not json",
        "the file is left unchanged"
    );
    fs::remove_file(&path).unwrap();
    assert!(start().is_ok());
    let newer = fs::read_to_string(&path)
        .unwrap()
        .replace("\"version\":1", "\"version\":2");
    fs::write(&path, newer).unwrap();
    assert!(matches!(
        start(),
        Err(StartError::File(StateFileError::Version(2)))
    ));
}

#[test]
fn an_unwritable_state_file_prevents_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let mut config = Config::new(ISSUER);
    config.state_file = Some(folder.path().join("no folder").join("state.json"));
    assert!(matches!(
        Provider::start(config),
        Err(StartError::File(StateFileError::Io(_)))
    ));
}

#[tokio::test]
async fn ended_records_are_removed() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.json");
    let app = TestApp::with_state_file(path.clone());
    let count = |kind: &str| {
        let text = fs::read_to_string(&path).unwrap();
        let stored: serde_json::Value = serde_json::from_str(&text).unwrap();
        stored["records"][kind].as_object().unwrap().len()
    };
    let tokens = app.tokens().await;
    app.post_as_web("/revoke", &[("token", tokens.access())])
        .await;
    app.code(&[]).await;
    assert_eq!(
        [count("families"), count("codes"), count("sessions")],
        [1, 2, 2]
    );
    app.advance_clock(Duration::from_secs(9 * 3600));
    app.refresh("anything").await;
    assert_eq!(
        [count("families"), count("codes"), count("sessions")],
        [0, 0, 0]
    );
}

#[tokio::test]
async fn families_that_can_still_be_refreshed_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let app = TestApp::with_state_file(folder.path().join("state.json"));
    let tokens = app.tokens().await;
    app.advance_clock(Duration::from_secs(24 * 3600));
    app.refresh("anything").await;
    app.refreshed(tokens.refresh()).await;
}
