//! Grace periods, over HTTP and across a restart.

use std::{fs, time::Duration};

use confidant_provider::{AccessTokenLifetime, OldRefreshToken, PolicyChange};

use crate::app::TestApp;

const WINDOW: Duration = Duration::from_secs(30);

fn grace(old: OldRefreshToken) -> PolicyChange {
    PolicyChange {
        old_refresh_token: Some(old),
        ..PolicyChange::default()
    }
}

fn same_successor() -> PolicyChange {
    grace(OldRefreshToken::GraceSameSuccessor(WINDOW))
}

#[tokio::test]
async fn grace_b_returns_the_same_successor_with_another_access_token() {
    let app = TestApp::new();
    let change = same_successor();
    app.controls.set_policy("confidant-web", change).unwrap();
    let first = app.tokens().await;
    let lost = app.refreshed(first.refresh()).await;
    let second = app.refreshed(first.refresh()).await;
    assert_eq!(second.refresh(), lost.refresh());
    assert_ne!(second.access(), lost.access());
    assert!(app.accepts(lost.access()).await);
    app.refreshed(second.refresh()).await;
    app.refresh(first.refresh())
        .await
        .assert_error(400, "invalid_grant");
}

#[tokio::test]
async fn grace_b_returns_the_same_successor_after_a_restart_without_storing_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("state.json");
    let app = TestApp::with(|config| {
        config.state_file = Some(path.clone());
        let policy = &mut config.clients[0].policy.refresh;
        policy.old_refresh_token = OldRefreshToken::GraceSameSuccessor(WINDOW);
    });
    let first = app.tokens().await;
    let lost = app.refreshed(first.refresh()).await;
    let text = fs::read_to_string(&path).unwrap();
    assert!(!text.contains(lost.refresh()));
    let app = app.restarted();
    let second = app.refreshed(first.refresh()).await;
    assert_eq!(second.refresh(), lost.refresh());
}

#[tokio::test]
async fn introspection_considers_the_grace_period() {
    let app = TestApp::new();
    let change = grace(OldRefreshToken::GraceNewPair(WINDOW));
    app.controls.set_policy("confidant-web", change).unwrap();
    let first = app.tokens().await;
    app.refreshed(first.refresh()).await;
    let form = [("token", first.refresh())];
    let active = async || app.post_as_web("/introspect", &form).await.json()["active"].clone();
    assert_eq!(active().await, true);
    app.advance_clock(WINDOW);
    assert_eq!(active().await, false);
}

#[tokio::test]
async fn a_refresh_in_the_last_second_does_not_extend_the_lifetime() {
    let app = TestApp::with(|config| {
        let life = confidant_provider::RefreshLifetime::FixedFromFirst(WINDOW);
        config.clients[0].policy.refresh.lifetime = life;
    });
    let first = app.tokens().await;
    app.advance_clock(WINDOW - Duration::from_secs(1));
    let second = app.refreshed(first.refresh()).await;
    assert_eq!(second.0["refresh_token_expires_in"], 1);
    app.advance_clock(Duration::from_secs(1));
    app.refresh(second.refresh())
        .await
        .assert_error(400, "invalid_grant");
}

#[tokio::test]
async fn access_tokens_of_one_client_can_have_another_lifetime() {
    let app = TestApp::new();
    let short = Duration::from_secs(5);
    let change = PolicyChange {
        access_token_lifetime: Some(AccessTokenLifetime(short)),
        ..PolicyChange::default()
    };
    let before = app.tokens().await;
    app.controls.set_policy("confidant-web", change).unwrap();
    let tokens = app.tokens().await;
    assert_eq!(tokens.0["expires_in"], 5);
    app.advance_clock(short);
    assert!(!app.accepts(tokens.access()).await);
    assert!(app.accepts(before.access()).await);
}
