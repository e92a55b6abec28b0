//! Calls with a token, and what they show of it.

use super::refresh::browser;
use crate::{ErrorKind, testing::sign_in};
use confidant_wire::ValidationMethod;

#[test]
fn s11_a_refresh_that_brings_another_user_ends_the_session() {
    let (browser, mut pool, tabs) = browser(1);
    pool.run_until(async {
        sign_in(&tabs[0]).await;
        browser.provider.borrow_mut().refreshed_subject = Some("1".into());
        tabs[0].refresh().await.unwrap();
        browser.provider.borrow_mut().refreshed_subject = Some("mallory".into());
        let error = tabs[0].refresh().await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::GrantDead);
        assert!(tabs[0].session().await.unwrap().signed_in.is_none());
        assert!(tabs[0].access_token().await.is_err());
    });
}

#[test]
fn s11_the_profile_of_another_user_is_not_shown() {
    let (browser, mut pool, tabs) = browser(1);
    pool.run_until(async {
        sign_in(&tabs[0]).await;
        assert_eq!(tabs[0].profile().await.unwrap()["sub"], "1");
        browser.provider.borrow_mut().userinfo_subject = Some("mallory".into());
        let error = tabs[0].profile().await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::ProviderMisbehaved);
        assert!(tabs[0].session().await.unwrap().signed_in.is_some());
    });
}

#[test]
fn a_fresh_token_that_an_api_refuses_is_refreshed_and_the_request_sent_once_more() {
    let (browser, mut pool, tabs) = browser(1);
    let api = "http://localhost:1/api/me";
    pool.run_until(async {
        sign_in(&tabs[0]).await;
        browser.provider.borrow_mut().refused_below = 2;
        assert_eq!(tabs[0].call(api, "GET", None).await.unwrap().status, 200);
        browser.provider.borrow_mut().refused_below = 9;
        assert_eq!(tabs[0].call(api, "GET", None).await.unwrap().status, 401);
        assert_eq!(browser.provider.borrow().calls, 4);
        assert_eq!(browser.provider.borrow().refreshes, 2);
        let other = "http://localhost:1/userinfo";
        let error = tabs[0].call(other, "GET", None).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::UnknownApi);
    });
}

#[test]
fn the_report_shows_the_change_and_the_exchanges() {
    let (_, mut pool, tabs) = browser(1);
    pool.run_until(async {
        sign_in(&tabs[0]).await;
        tabs[0].refresh().await.unwrap();
        let report = tabs[0].report().await;
        let change = report.change.unwrap();
        assert_eq!((change.before.generation, change.after.generation), (1, 2));
        let paths: Vec<_> = report
            .exchanges
            .iter()
            .map(|exchange| exchange.path.as_str())
            .collect();
        assert_eq!(
            paths,
            ["/.well-known/openid-configuration", "/token", "/token"]
        );
    });
}

#[test]
fn a_token_is_validated_as_far_as_the_provider_lets_pages_ask() {
    let (browser, mut pool, tabs) = browser(1);
    pool.run_until(async {
        sign_in(&tabs[0]).await;
        let valid = tabs[0].validate().await.unwrap();
        assert_eq!((valid.active, valid.by), (true, ValidationMethod::Userinfo));
        browser.provider.borrow_mut().refused_below = 2;
        let refused = tabs[0].validate().await.unwrap();
        assert!(!refused.active);
        assert_eq!(browser.provider.borrow().refreshes, 0);
    });
}

#[test]
fn without_a_refresh_token_the_refusal_of_an_api_stands() {
    let (browser, mut pool, tabs) = browser(1);
    browser.provider.borrow_mut().no_refresh_token = true;
    pool.run_until(async {
        sign_in(&tabs[0]).await;
        browser.provider.borrow_mut().refused_below = 2;
        let response = tabs[0].call("http://localhost:1/api/me", "GET", None).await;
        assert_eq!(response.unwrap().status, 401);
        let refused = tabs[0].profile().await.unwrap_err();
        assert_eq!(refused.kind, ErrorKind::ProviderMisbehaved);
        assert_eq!(browser.provider.borrow().calls, 2);
    });
}
