//! A disk that is full. The limit of file sizes that imitates it applies to a whole
//! process, so the test runs itself again in a process of its own.

use crate::{
    fixture::{Fixture, open_at},
    sample,
};
use confidant_bff::store::StoreError;
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::{env, process::Command};

const URL: &str = "FULL_DISK_URL";
const KEYS: &str = "FULL_DISK_KEYS";

/// The limit in bytes: more than opening a database needs.
const ROOM: u64 = 400_000;

#[tokio::test]
async fn a_full_disk_loses_nothing_and_needs_no_restart() {
    if let (Ok(url), Ok(keys)) = (env::var(URL), env::var(KEYS)) {
        return fill(&url, &keys).await;
    }
    let fixture = Fixture::sqlite();
    // Without the trap, SIGXFSZ ends the process at the first write beyond the limit.
    let output = Command::new("sh")
        .args(["-c", r#"trap "" XFSZ; exec "$@""#, "sh"])
        .arg(env::current_exe().unwrap())
        .args(["full_disk::", "--nocapture"])
        .env(URL, fixture.url_text())
        .env(KEYS, fixture.keys())
        .output()
        .unwrap();
    let output_text = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{output:?}");
    let stored: i64 = output_text
        .lines()
        .find_map(|line| line.strip_prefix("stored ")?.parse().ok())
        .unwrap();
    assert_eq!(fixture.count("sessions").await, stored);
    assert_eq!(fixture.count("grants").await, stored);
}

async fn fill(url: &str, keys: &str) {
    let store = open_at(&url.parse().unwrap(), keys).await.unwrap();
    let limits = getrlimit(Resource::Fsize);
    let full = Rlimit {
        current: Some(ROOM),
        ..limits
    };
    setrlimit(Resource::Fsize, full).unwrap();
    let mut stored = 0;
    let (session, grant) = loop {
        let grant = sample::grant(0);
        let session = sample::session(&grant, 100);
        match store.begin_session(&session, &grant).await {
            Ok(()) => stored += 1,
            Err(StoreError::Unavailable(_)) => break (session, grant),
            Err(error) => panic!("{error}"),
        }
        assert!(stored < 10_000, "the disk was never full");
    };
    assert!(stored > 10, "the disk was full from the beginning");
    assert_eq!(store.find_session(&session.digest).await, Ok(None));

    setrlimit(Resource::Fsize, limits).unwrap();
    assert_eq!(store.begin_session(&session, &grant).await, Ok(()));
    println!("stored {}", stored + 1);
}
