//! Properties of the Postgres store alone: the server may refuse a connection or a
//! statement.

use crate::{
    fixture::{Fixture, open_at},
    run_and_clean_up, sample,
};
use confidant_bff::store::{OpenError, StoreError};

#[tokio::test]
async fn an_unreachable_server_is_reported_with_the_reason() {
    // Bound, so that no other program can listen there.
    let taken = tokio::net::TcpSocket::new_v4().unwrap();
    taken.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let address = taken.local_addr().unwrap();
    let url = format!("postgres://confidant:hush@{address}/confidant");
    let refused = open_at(&url.parse().unwrap(), Fixture::sqlite().keys()).await;
    let refused = refused.err().unwrap();
    assert!(matches!(refused, OpenError::Store(_)), "{refused:?}");
    assert!(refused.to_string().contains("refused"), "{refused}");
    assert!(!format!("{refused:?}").contains("hush"), "{refused:?}");
}

mod postgres {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_read_only_server_still_returns_grants_and_stores_them_once_it_is_writable() {
        let Some(fixture) = Fixture::postgres("a read-only server").await else {
            return;
        };
        run_and_clean_up(fixture, async |fixture: &Fixture| {
            let store = fixture.store().await;
            let grant = sample::grant(0);
            let session = sample::session(&grant, 100);
            store.begin_session(&session, &grant).await.unwrap();

            fixture
                .alter("SET default_transaction_read_only = on")
                .await;
            let mut next = grant.clone();
            next.version += 1;
            let message = loop {
                // The first error of each connection is that the server closed it.
                match store.replace(&next, 50).await {
                    Err(StoreError::Unavailable(message)) if message.contains("read-only") => {
                        break message;
                    }
                    Err(_) => {}
                    Ok(_) => panic!("stored"),
                }
            };
            assert!(message.contains("UPDATE"), "{message}");
            assert_eq!(store.load(&grant.id).await, Ok(Some(grant)));

            fixture.alter("RESET default_transaction_read_only").await;
            while store.replace(&next, 50).await != Ok(true) {}
            assert_eq!(store.load(&next.id).await, Ok(Some(next)));
        })
        .await;
    }
}
