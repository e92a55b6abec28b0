use crate::{
    AuthorizationResponse, ErrorKind, PublicClient, ServiceWorkerClient, Storage, TokenBinding,
    testing::{
        authorize,
        browser_model::{BrowserModel, Tab},
        provider_model::{Fault, code},
        settings, sign_in,
    },
};
use confidant_protocol::cases::return_to;
use confidant_wire::Cause;
use futures::executor::LocalPool;

#[test]
fn a_sign_in_ends_where_the_user_wanted_to_go() {
    let (browser, mut pool) = (BrowserModel::new(), LocalPool::new());
    let client = browser.tab(&pool).client(&settings());
    pool.run_until(async {
        assert_eq!(
            client.token().await.unwrap_err().kind,
            ErrorKind::NotSignedIn
        );
        let response = authorize(&client, "/there").await;
        assert_eq!(client.finish(&response).await.unwrap(), "/there");
        let user = client.session().await.unwrap().signed_in.unwrap();
        assert_eq!(
            (user.subject.as_str(), user.since),
            ("1", browser.wall.get())
        );
        let tokens = client.token().await.unwrap();
        assert_eq!((tokens.generation, tokens.serial), (1, 1));
        assert_eq!(tokens.expires_at, Some(browser.wall.get() + 60_000));
    });
}

#[test]
fn a_sign_in_ends_in_this_application() {
    let (browser, mut pool) = (BrowserModel::new(), LocalPool::new());
    let client = browser.tab(&pool).client(&settings());
    pool.run_until(async {
        for path in return_to::ACCEPTED {
            assert!(client.start(path).await.is_ok(), "{path}");
        }
        for (path, _) in return_to::refused() {
            let error = client.start(&path).await.unwrap_err();
            assert_eq!(error.kind, ErrorKind::BadReturnTo, "{path:?}");
        }
    });
}

#[test]
fn the_back_button_after_a_sign_in_changes_nothing() {
    let (browser, mut pool) = (BrowserModel::new(), LocalPool::new());
    let client = browser.tab(&pool).client(&settings());
    pool.run_until(async {
        let response = authorize(&client, "/").await;
        client.finish(&response).await.unwrap();
        let again = client.finish(&response).await.unwrap_err();
        assert_eq!(again.kind, ErrorKind::AlreadyFinished);
        assert!(client.profile().await.is_ok());
        assert_eq!(browser.provider.borrow().requests, 1);
    });
}

#[test]
fn two_sign_ins_at_once_in_one_tab_and_in_two_both_work() {
    let (browser, mut pool) = (BrowserModel::new(), LocalPool::new());
    let one = browser.tab(&pool).client(&settings());
    let two = browser.tab(&pool).client(&settings());
    pool.run_until(async {
        let first = authorize(&one, "/1").await;
        let second = authorize(&one, "/2").await;
        let third = authorize(&two, "/3").await;
        assert_eq!(one.finish(&second).await.unwrap(), "/2");
        assert_eq!(two.finish(&third).await.unwrap(), "/3");
        assert_eq!(one.finish(&first).await.unwrap(), "/1");
        let foreign = two.finish(&first).await.unwrap_err();
        assert_eq!(foreign.kind, ErrorKind::BadState);
    });
}

#[test]
fn a_code_whose_response_was_lost_is_not_sent_again() {
    let (browser, mut pool) = (BrowserModel::new(), LocalPool::new());
    let client = browser.tab(&pool).client(&settings());
    pool.run_until(async {
        let response = authorize(&client, "/").await;
        browser.provider.borrow_mut().faults.push_back(Fault::Lost);
        let lost = client.finish(&response).await.unwrap_err();
        assert_eq!(lost.kind, ErrorKind::Unreachable);
        assert_eq!(browser.provider.borrow().requests, 1);
    });
}

#[test]
fn a_server_that_asks_for_its_nonce_gets_it_from_then_on() {
    let (browser, mut pool) = (BrowserModel::new(), LocalPool::new());
    let settings = crate::Settings {
        binding: TokenBinding::Dpop,
        ..settings()
    };
    let client = browser.tab(&pool).client(&settings);
    browser.provider.borrow_mut().nonce = "n-1".into();
    browser.provider.borrow_mut().faults.push_back(Fault::Nonce);
    pool.run_until(async {
        sign_in(&client).await;
        client.refresh().await.unwrap();
        client.profile().await.unwrap();
    });
    let proofs = &browser.provider.borrow().proofs;
    let nonces: Vec<_> = proofs.iter().map(|proof| proof["nonce"].as_str()).collect();
    assert_eq!(nonces, [None, Some("n-1"), Some("n-1"), Some("n-1")]);
    assert!(proofs[3]["ath"].is_string() && proofs[2]["ath"].is_null());
    assert_ne!(proofs[0]["jti"], proofs[1]["jti"]);
}

#[test]
fn a_token_that_is_not_bound_is_refused_if_a_key_was_named() {
    let (browser, mut pool) = (BrowserModel::new(), LocalPool::new());
    let settings = crate::Settings {
        binding: TokenBinding::Dpop,
        ..settings()
    };
    let client = browser.tab(&pool).client(&settings);
    pool.run_until(async {
        let response = authorize(&client, "/").await;
        let error = client.finish(&response).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::ProviderMisbehaved);
        assert!(client.token().await.is_err());
    });
}

#[test]
fn after_a_sign_out_no_storage_contains_a_token() {
    for storage in [
        Storage::Local,
        Storage::Session,
        Storage::Memory,
        Storage::WebWorker {
            script: "/w.js".into(),
        },
    ] {
        let (browser, mut pool) = (BrowserModel::new(), LocalPool::new());
        let settings = crate::Settings {
            storage,
            ..settings()
        };
        let client = browser.tab(&pool).client(&settings);
        pool.run_until(async {
            sign_in(&client).await;
            let contains = |token| {
                let stored = client.platform().stored();
                stored.iter().any(|text| text.contains(token))
            };
            assert!(contains("at-1") && contains("rt-1"));
            let result = client.sign_out().await.unwrap();
            assert!(!contains("at-1") && !contains("rt-1"));
            assert!(result.revoked);
            let url = result.end_session_url.unwrap();
            assert_eq!(url, "http://localhost:1/end?client_id=spa");
            assert_eq!(
                client.token().await.unwrap_err().kind,
                ErrorKind::NotSignedIn
            );
        });
    }
}

/// Starts a silent sign-in, and returns the provider's response.
async fn authorize_silently(client: &PublicClient<Tab>) -> AuthorizationResponse {
    let (code, state) = code(&client.start_silently("/").await.unwrap());
    AuthorizationResponse {
        code: Some(code),
        state: Some(state),
        ..AuthorizationResponse::default()
    }
}

#[test]
fn a_silent_sign_in_renews_the_session_of_the_same_user() {
    let (browser, mut pool) = (BrowserModel::new(), LocalPool::new());
    let client = browser.tab(&pool).client(&settings());
    pool.run_until(async {
        sign_in(&client).await;
        let response = authorize_silently(&client).await;
        let before = client.token().await.unwrap().view();
        assert_eq!(client.report().await.change, None);
        assert_eq!(client.finish(&response).await.unwrap(), "/");
        let token = client.token().await.unwrap();
        assert_eq!(token.access_token, "at-2");
        let change = client.report().await.change.unwrap();
        assert_eq!(change.cause, Cause::Renewal);
        assert_eq!(change.before.access_token, before.access_token);
        assert_eq!(change.after.access_token, token.view().access_token);
    });
}

#[test]
fn a_silent_sign_in_does_not_undo_a_sign_out() {
    let (browser, mut pool) = (BrowserModel::new(), LocalPool::new());
    let one = browser.tab(&pool).client(&settings());
    let two = browser.tab(&pool).client(&settings());
    pool.run_until(async {
        sign_in(&one).await;
        let response = authorize_silently(&one).await;
        two.sign_out().await.unwrap();
        let error = one.finish(&response).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::NotSignedIn);
        assert_eq!(one.session().await.unwrap().signed_in, None);
        assert!(browser.provider.borrow().revoked, "the new tokens live on");
    });
}

#[test]
fn a_silent_sign_in_does_not_change_the_user() {
    let (browser, mut pool) = (BrowserModel::new(), LocalPool::new());
    let client = browser.tab(&pool).client(&settings());
    pool.run_until(async {
        sign_in(&client).await;
        let response = authorize_silently(&client).await;
        browser.provider.borrow_mut().subject = "2".into();
        let error = client.finish(&response).await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::LoginRequired);
        let user = client.session().await.unwrap().signed_in.unwrap();
        assert_eq!(user.subject, "1");
        assert!(browser.provider.borrow().revoked, "the new tokens live on");
    });
}

/// A reply of the service worker.
fn reply(result: serde_json::Value) -> String {
    serde_json::json!({
        "ok": result, "instance": "i", "exchanges": [], "change": null,
    })
    .to_string()
}

#[test]
fn a_silent_sign_in_of_a_service_worker_renews_the_session_of_the_same_user_only() {
    let (browser, mut pool) = (BrowserModel::new(), LocalPool::new());
    let tab = browser.tab(&pool);
    let client = ServiceWorkerClient::on(tab.clone(), settings(), "/sw.js");
    pool.run_until(async {
        for (silent, subject, expected) in [
            (true, "1", Err(ErrorKind::NotSignedIn)),
            (false, "1", Ok("/")),
            (true, "1", Ok("/")),
            (true, "2", Err(ErrorKind::LoginRequired)),
            (true, "1", Err(ErrorKind::NotSignedIn)),
        ] {
            let url = if silent {
                client.start_silently("/").await
            } else {
                client.start("/").await
            };
            let (nonce, state) = code(&url.unwrap());
            let claims = serde_json::json!({
                "iss": "http://localhost:1", "aud": "spa", "sub": subject, "exp": 1,
                "nonce": nonce,
            });
            *browser.worker_replies.borrow_mut() =
                [reply(claims), reply(serde_json::json!({}))].into();
            let response = AuthorizationResponse {
                code: Some("c".into()),
                state: Some(state),
                ..AuthorizationResponse::default()
            };
            let finished = client.finish(&response).await;
            let finished = finished.as_deref().map_err(|error| error.kind);
            assert_eq!(finished, expected, "{silent} {subject}");
        }
    });
    let last = browser.worker_messages.borrow().last().cloned().unwrap();
    assert!(last.contains("sign_out"), "{last}");
}
