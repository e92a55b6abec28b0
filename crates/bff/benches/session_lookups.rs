//! Finding one of a million stored sessions, and its grant.
//!
//! `session_lookups STORE` fills the empty store at this URL, looks up random
//! sessions and prints the latencies as JSON. `cargo xtask bench` runs it.

use confidant_bff::{
    SystemRandom, keygen,
    store::{self, Digest, Grant, GrantId, Store, StoreUrl, TokenCipher, TokenResponse},
};
use confidant_wire::Claims;
use rand::Rng;
use sqlx::{QueryBuilder, postgres::PgPoolOptions, sqlite::SqlitePoolOptions};
use std::{env, error::Error, sync::Arc, time::Instant};

const SESSIONS: u64 = 1_000_000;
/// Rows of one statement. Databases limit the number of placeholders.
const BATCH: u64 = 500;
/// Look-ups of each caller.
const LOOKUPS: u64 = 20_000;
/// Numbers of concurrent callers.
const CALLERS: [u64; 2] = [1, 8];

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

#[tokio::main]
async fn main() -> Result<()> {
    // `cargo bench` and `cargo test --all-targets` give no store.
    let Some(url) = env::args().nth(1).filter(|one| one != "--bench") else {
        println!("nothing is measured without a store: run `cargo xtask bench`");
        return Ok(());
    };
    let keys = keygen(&SystemRandom);
    let cipher = Arc::new(TokenCipher::parse(&keys)?);
    let address: StoreUrl = url.parse()?;
    let store = store::open(&address, cipher.clone(), Arc::new(SystemRandom)).await?;
    let began = Instant::now();
    fill(&url, &cipher).await?;
    let filled = began.elapsed().as_secs();
    let mut metrics = vec![
        format!(r#""sessions": {SESSIONS}"#),
        format!(r#""filled in s": {filled}"#),
    ];
    for callers in CALLERS {
        let times = look_up(&store, callers).await?;
        for (name, permille) in [("p50", 500), ("p99", 990), ("p99.9", 999)] {
            let time = times[times.len() * permille / 1000];
            metrics.push(format!(r#""{callers} at once, {name} ms": {time:.3}"#));
        }
    }
    println!("{{{}}}", metrics.join(", "));
    Ok(())
}

/// Looks up random sessions and their grants. Returns the times in milliseconds,
/// sorted.
async fn look_up(store: &Arc<dyn Store>, callers: u64) -> Result<Vec<f64>> {
    let mut running = Vec::new();
    for _ in 0..callers {
        let store = store.clone();
        running.push(tokio::spawn(async move {
            let mut times = Vec::new();
            for _ in 0..LOOKUPS {
                let number = rand::rng().random_range(0..SESSIONS);
                let began = Instant::now();
                let session = store.find_session(&Digest::of(&cookie(number))).await?;
                let session = session.ok_or("a session is missing")?;
                let grant = store.load(&session.grant).await?;
                grant.ok_or("a grant is missing")?;
                times.push(began.elapsed().as_secs_f64() * 1000.0);
            }
            Result::Ok(times)
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

/// Returns the id and the encrypted tokens of a grant.
fn grant(number: u64, cipher: &TokenCipher) -> Result<(String, Vec<u8>)> {
    let id = format!("grant-{number:016}");
    let answer = TokenResponse {
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
    let sealed = cipher.encrypt(&format!("grant {id}"), &text, &SystemRandom);
    Ok((id, sealed))
}

/// Inserts the rows directly: a million sign-ins through the store would take too
/// long. A macro, because the pools of the databases have different types.
macro_rules! insert_rows {
    ($pool:expr, $cipher:expr) => {{
        let pool = $pool;
        for first in (0..SESSIONS).step_by(BATCH as usize) {
            let rows = (first..first + BATCH)
                .map(|number| Ok((number, grant(number, $cipher)?)))
                .collect::<Result<Vec<_>>>()?;
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

/// Fills the database over a single connection, which has the settings for it.
async fn fill(url: &str, cipher: &TokenCipher) -> Result<()> {
    if url.starts_with("postgres") {
        let pool = PgPoolOptions::new().max_connections(1).connect(url).await?;
        sqlx::raw_sql("SET synchronous_commit = off")
            .execute(&pool)
            .await?;
        insert_rows!(&pool, cipher);
        sqlx::raw_sql("ANALYZE").execute(&pool).await?;
    } else {
        let pool = SqlitePoolOptions::new()
            .max_connections(1)
            .connect(url)
            .await?;
        sqlx::raw_sql("PRAGMA synchronous = OFF")
            .execute(&pool)
            .await?;
        insert_rows!(&pool, cipher);
    }
    Ok(())
}
