//! How long it takes to find one of a million stored sessions, and its grant.
//!
//! `lookups STORE` fills the store at this URL, which is to be empty, then
//! looks for sessions at random and prints what that took, as JSON.

use confidant_bff::{
    digest::Digest,
    grant::{Grant, GrantId, TokenAnswer, Vault},
    keygen,
    random::SystemRandom,
    store::{self, Store, StoreUrl},
};
use confidant_wire::Claims;
use rand::Rng;
use sqlx::{QueryBuilder, postgres::PgPoolOptions, sqlite::SqlitePoolOptions};
use std::{env, error::Error, sync::Arc, time::Instant};

const SESSIONS: u64 = 1_000_000;
/// Rows to a statement: databases bound the number of placeholders.
const AT_ONCE: u64 = 500;
/// Look-ups of each caller.
const LOOKUPS: u64 = 20_000;
/// Callers at a time, in turn.
const CALLERS: [u64; 2] = [1, 8];

type Done<T> = Result<T, Box<dyn Error + Send + Sync>>;

#[tokio::main]
async fn main() -> Done<()> {
    let url: StoreUrl = env::args().nth(1).ok_or("lookups STORE")?.parse()?;
    let keys = keygen(&SystemRandom);
    let vault = Arc::new(Vault::parse(&keys)?);
    let store = store::open(&url, vault.clone(), Arc::new(SystemRandom)).await?;
    let began = Instant::now();
    fill(&env::args().nth(1).unwrap_or_default(), &vault).await?;
    let filled = began.elapsed().as_secs();
    let mut figures = vec![
        format!(r#""sessions": {SESSIONS}"#),
        format!(r#""filled in s": {filled}"#),
    ];
    for callers in CALLERS {
        let times = look(&store, callers).await?;
        for (name, share) in [("p50", 500), ("p99", 990), ("p99.9", 999)] {
            let time = times[times.len() * share / 1000];
            figures.push(format!(r#""{callers} at once, {name} ms": {time:.3}"#));
        }
    }
    println!("{{{}}}", figures.join(", "));
    Ok(())
}

/// Looks for sessions and their grants, and gives the times in milliseconds,
/// sorted.
async fn look(store: &Arc<dyn Store>, callers: u64) -> Done<Vec<f64>> {
    let mut running = Vec::new();
    for _ in 0..callers {
        let store = store.clone();
        running.push(tokio::spawn(async move {
            let mut times = Vec::new();
            for _ in 0..LOOKUPS {
                let number = rand::rng().random_range(0..SESSIONS);
                let asked = Instant::now();
                let session = store.find_session(&Digest::of(&cookie(number))).await?;
                let session = session.ok_or("a session is missing")?;
                store
                    .load(&session.grant)
                    .await?
                    .ok_or("a grant is missing")?;
                times.push(asked.elapsed().as_secs_f64() * 1000.0);
            }
            Done::Ok(times)
        }));
    }
    let mut times = Vec::new();
    for caller in running {
        times.extend(caller.await??);
    }
    times.sort_by(f64::total_cmp);
    Ok(times)
}

fn cookie(number: u64) -> String {
    format!("cookie {number}")
}

/// The rows of one session.
fn grant(number: u64, vault: &Vault) -> Done<(String, Vec<u8>)> {
    let id = format!("grant-{number:016}");
    let answer = TokenAnswer {
        access_token: "a".repeat(400),
        token_type: "Bearer".into(),
        expires_in: Some(3600),
        scopes: Some(vec!["openid".into(), "profile".into()]),
        refresh_token: Some("r".repeat(64)),
        id_token: None,
        extras: Claims::new(),
    };
    let grant = Grant::new(GrantId(id.clone()), "demo".into(), answer, 0);
    let text = serde_json::to_vec(&grant.tokens)?;
    let sealed = vault.seal(&format!("grant {id}"), &text, &SystemRandom);
    Ok((id, sealed))
}

/// Fills a database of this kind, past the store: nobody signs in a million
/// times to measure something.
macro_rules! fill {
    ($pool:expr, $vault:expr) => {{
        let pool = $pool;
        for first in (0..SESSIONS).step_by(AT_ONCE as usize) {
            let rows = (first..first + AT_ONCE)
                .map(|number| Ok((number, grant(number, $vault)?)))
                .collect::<Done<Vec<_>>>()?;
            let mut transaction = pool.begin().await?;
            let mut grants = QueryBuilder::new(
                "INSERT INTO grants (id, provider, version, generation, serial, sealed) ",
            );
            grants.push_values(&rows, |mut row, (_, (id, sealed))| {
                row.push_bind(id)
                    .push_bind("demo")
                    .push_bind(1_i64)
                    .push_bind(1_i64)
                    .push_bind(1_i64)
                    .push_bind(sealed);
            });
            grants.build().execute(&mut *transaction).await?;
            let mut sessions = QueryBuilder::new(
                "INSERT INTO sessions (digest, grant_id, kind, subject, name, created_at,
                    last_seen, expires_at) ",
            );
            sessions.push_values(&rows, |mut row, (number, (id, _))| {
                row.push_bind(Digest::of(&cookie(*number)).bytes().to_vec())
                    .push_bind(id)
                    .push_bind("bff")
                    .push_bind("subject")
                    .push_bind("name")
                    .push_bind(0_i64)
                    .push_bind(0_i64)
                    .push_bind(i64::MAX);
            });
            sessions.build().execute(&mut *transaction).await?;
            transaction.commit().await?;
        }
    }};
}

/// Over one connection, whose settings are its own.
async fn fill(url: &str, vault: &Vault) -> Done<()> {
    if url.starts_with("postgres") {
        let pool = PgPoolOptions::new().max_connections(1).connect(url).await?;
        sqlx::raw_sql("SET synchronous_commit = off")
            .execute(&pool)
            .await?;
        fill!(&pool, vault);
        sqlx::raw_sql("ANALYZE").execute(&pool).await?;
    } else {
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .connect(url)
            .await?;
        sqlx::raw_sql("PRAGMA synchronous = OFF")
            .execute(&pool)
            .await?;
        fill!(&pool, vault);
    }
    Ok(())
}
