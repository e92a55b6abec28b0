//! Properties of the SQLite store alone: its files belong to this process.

use crate::{fixture::Fixture, run_and_clean_up, sample};
use confidant_bff::store::OpenError;
use sqlx::{Connection, SqliteConnection};
use std::{collections::BTreeMap, fs, os::unix::fs::PermissionsExt, path::Path, time::Duration};

/// Returns the files of a folder with their permissions.
fn modes(folder: &Path) -> BTreeMap<String, u32> {
    fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let entry = entry.unwrap();
            let mode = entry.metadata().unwrap().permissions().mode() & 0o777;
            (entry.file_name().into_string().unwrap(), mode)
        })
        .collect()
}

#[tokio::test]
async fn only_their_owner_may_read_the_files() {
    run_and_clean_up(Fixture::sqlite(), async |fixture: &Fixture| {
        let store = fixture.store().await;
        let grant = sample::grant(0);
        let session = sample::session(&grant, 100);
        store.begin_session(&session, &grant).await.unwrap();
        let files = ["store.db", "store.db-shm", "store.db-wal"];
        assert_eq!(
            modes(fixture.folder().unwrap()),
            files.map(|file| (file.to_owned(), 0o600)).into()
        );
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn opening_waits_for_another_process_that_creates_the_same_file() {
    run_and_clean_up(Fixture::sqlite(), async |fixture: &Fixture| {
        let new = format!("{}?mode=rwc", fixture.url_text());
        let mut other = SqliteConnection::connect(&new).await.unwrap();
        let lock = sqlx::raw_sql("BEGIN IMMEDIATE; CREATE TABLE theirs (id INTEGER)");
        lock.execute(&mut other).await.unwrap();
        let release = async {
            tokio::time::sleep(Duration::from_millis(300)).await;
            sqlx::raw_sql("COMMIT").execute(&mut other).await.unwrap();
        };
        let (store, ()) = futures::join!(fixture.store(), release);
        assert_eq!(store.ping().await, Ok(()));
    })
    .await;
}

#[tokio::test]
async fn a_file_that_is_not_a_database_is_not_changed() {
    run_and_clean_up(Fixture::sqlite(), async |fixture: &Fixture| {
        let file = fixture.folder().unwrap().join("store.db");
        fs::write(&file, "a shopping list, not a database").unwrap();
        let refused = fixture.open_with(fixture.keys()).await.err();
        assert!(matches!(refused, Some(OpenError::Store(_))), "{refused:?}");
        let text = fs::read_to_string(&file).unwrap();
        assert_eq!(text, "a shopping list, not a database");
    })
    .await;
}

#[tokio::test]
async fn a_missing_folder_is_reported_as_such() {
    let url = "sqlite:/nowhere/at/all/store.db".parse().unwrap();
    let refused = crate::fixture::open_at(&url, Fixture::sqlite().keys()).await;
    let refused = refused.err().unwrap();
    assert!(matches!(refused, OpenError::File(_)), "{refused:?}");
    assert!(refused.to_string().contains("No such file"), "{refused}");
}
