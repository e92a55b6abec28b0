use super::{authorize, provider::Fault, settings, sign_in, world::World};
use crate::{Kind, Sender, Storage};
use confidant_protocol::cases::return_to;
use futures::executor::LocalPool;

#[test]
fn a_sign_in_ends_where_the_person_wanted_to_go() {
    let (world, mut pool) = (World::new(), LocalPool::new());
    let client = world.tab(&pool).client(&settings());
    pool.run_until(async {
        assert_eq!(client.token().await.unwrap_err().kind, Kind::NotSignedIn);
        let response = authorize(&client, "/there").await;
        assert_eq!(client.finish(&response).await.unwrap(), "/there");
        let who = client.session().await.unwrap().signed_in.unwrap();
        assert_eq!((who.subject.as_str(), who.since), ("1", world.wall.get()));
        let held = client.token().await.unwrap();
        assert_eq!((held.generation, held.serial), (1, 1));
        assert_eq!(held.expires_at, Some(world.wall.get() + 60_000));
    });
}

#[test]
fn a_sign_in_ends_in_this_application() {
    let (world, mut pool) = (World::new(), LocalPool::new());
    let client = world.tab(&pool).client(&settings());
    pool.run_until(async {
        for path in return_to::ACCEPTED {
            assert!(client.start(path).await.is_ok(), "{path}");
        }
        for (path, _) in return_to::refused() {
            let error = client.start(&path).await.unwrap_err();
            assert_eq!(error.kind, Kind::BadReturnTo, "{path:?}");
        }
    });
}

#[test]
fn the_back_button_after_a_sign_in_changes_nothing() {
    let (world, mut pool) = (World::new(), LocalPool::new());
    let client = world.tab(&pool).client(&settings());
    pool.run_until(async {
        let response = authorize(&client, "/").await;
        client.finish(&response).await.unwrap();
        let again = client.finish(&response).await.unwrap_err();
        assert_eq!(again.kind, Kind::AlreadyFinished);
        assert!(client.profile().await.is_ok());
        assert_eq!(world.provider.borrow().requests, 1);
    });
}

#[test]
fn two_sign_ins_at_once_in_one_tab_and_in_two_both_work() {
    let (world, mut pool) = (World::new(), LocalPool::new());
    let one = world.tab(&pool).client(&settings());
    let two = world.tab(&pool).client(&settings());
    pool.run_until(async {
        let first = authorize(&one, "/1").await;
        let second = authorize(&one, "/2").await;
        let third = authorize(&two, "/3").await;
        assert_eq!(one.finish(&second).await.unwrap(), "/2");
        assert_eq!(two.finish(&third).await.unwrap(), "/3");
        assert_eq!(one.finish(&first).await.unwrap(), "/1");
        let stranger = two.finish(&first).await.unwrap_err();
        assert_eq!(stranger.kind, Kind::BadState);
    });
}

#[test]
fn a_code_whose_answer_was_lost_is_not_sent_again() {
    let (world, mut pool) = (World::new(), LocalPool::new());
    let client = world.tab(&pool).client(&settings());
    pool.run_until(async {
        let response = authorize(&client, "/").await;
        world.provider.borrow_mut().faults.push_back(Fault::Lost);
        let lost = client.finish(&response).await.unwrap_err();
        assert_eq!(lost.kind, Kind::Unreachable);
        assert_eq!(world.provider.borrow().requests, 1);
    });
}

#[test]
fn a_server_that_wants_its_nonce_gets_it_and_keeps_getting_it() {
    let (world, mut pool) = (World::new(), LocalPool::new());
    let settings = crate::Settings {
        sender: Sender::Dpop,
        ..settings()
    };
    let client = world.tab(&pool).client(&settings);
    world.provider.borrow_mut().nonce = "n-1".into();
    world.provider.borrow_mut().faults.push_back(Fault::Nonce);
    pool.run_until(async {
        sign_in(&client).await;
        client.refresh().await.unwrap();
        client.profile().await.unwrap();
    });
    let proofs = &world.provider.borrow().proofs;
    let nonces: Vec<_> = proofs.iter().map(|proof| proof["nonce"].as_str()).collect();
    assert_eq!(nonces, [None, Some("n-1"), Some("n-1"), Some("n-1")]);
    assert!(proofs[3]["ath"].is_string() && proofs[2]["ath"].is_null());
    assert_ne!(proofs[0]["jti"], proofs[1]["jti"]);
}

#[test]
fn a_token_that_is_not_bound_is_not_taken_for_one_that_is() {
    let (world, mut pool) = (World::new(), LocalPool::new());
    let settings = crate::Settings {
        sender: Sender::Dpop,
        ..settings()
    };
    let client = world.tab(&pool).client(&settings);
    pool.run_until(async {
        let response = authorize(&client, "/").await;
        let error = client.finish(&response).await.unwrap_err();
        assert_eq!(error.kind, Kind::ProviderMisbehaved);
        assert!(client.token().await.is_err());
    });
}

#[test]
fn after_a_sign_out_nothing_is_left_in_any_storage() {
    for storage in [
        Storage::Local,
        Storage::Session,
        Storage::Memory,
        Storage::WebWorker {
            script: "/w.js".into(),
        },
    ] {
        let (world, mut pool) = (World::new(), LocalPool::new());
        let settings = crate::Settings {
            storage,
            ..settings()
        };
        let client = world.tab(&pool).client(&settings);
        pool.run_until(async {
            sign_in(&client).await;
            let holds = |token| {
                let stored = client.platform().stored();
                stored.iter().any(|text| text.contains(token))
            };
            assert!(holds("at-1") && holds("rt-1"));
            let done = client.sign_out().await.unwrap();
            assert!(!holds("at-1") && !holds("rt-1"));
            assert!(done.revoked);
            let url = done.end_session_url.unwrap();
            assert_eq!(url, "http://localhost:1/end?client_id=spa");
            assert_eq!(client.token().await.unwrap_err().kind, Kind::NotSignedIn);
        });
    }
}
