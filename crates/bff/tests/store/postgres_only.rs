//! What holds for Postgres alone: it is a server, and may say no.

use crate::{
    fixture::{Fixture, open_at},
    run_and_clean_up, sample,
};
use confidant_bff::store::{OpenError, StoreError};

#[tokio::test]
async fn a_server_that_is_not_there_is_told_with_the_reason() {
    // Taken, so that nobody else listens there either.
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

/// Left out where there is none.
mod postgres {
    use super::*;

    #[tokio::test(flavor = "multi_thread")]
    async fn a_server_that_only_reads_serves_what_is_stored_until_it_writes_again() {
        let fact =
            "postgres_only::a_server_that_only_reads_serves_what_is_stored_until_it_writes_again";
        let Some(fixture) = Fixture::postgres(fact).await else {
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
            let told = loop {
                // The first answer of each connection is that it was ended.
                match store.replace(&next).await {
                    Err(StoreError::Unavailable(told)) if told.contains("read-only") => break told,
                    Err(_) => {}
                    Ok(_) => panic!("stored"),
                }
            };
            assert!(told.contains("UPDATE"), "{told}");
            assert_eq!(store.load(&grant.id).await, Ok(Some(grant)));

            fixture.alter("RESET default_transaction_read_only").await;
            while store.replace(&next).await != Ok(true) {}
            assert_eq!(store.load(&next.id).await, Ok(Some(next)));
        })
        .await;
    }
}
