//! The load generator: wrk, or one of our own where it cannot be had.

use crate::options::Options;
use confidant_test_support::{
    Error,
    http::{Connection, request},
};
use std::{
    net::SocketAddr,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

/// Connections at once.
pub(crate) const CONNECTIONS: usize = 32;
/// How long each run lasts.
const SECONDS: u64 = 5;

/// What one run measured.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Load {
    pub(crate) per_second: f64,
    pub(crate) p50_ms: f64,
    pub(crate) p99_ms: f64,
}

/// Asks for one path again and again. An answer that is no success is an error.
pub(crate) async fn run(
    options: &Options,
    at: SocketAddr,
    path: &str,
    cookie: &str,
) -> Result<Load, Error> {
    match &options.wrk {
        Some(wrk) => {
            let (wrk, path, cookie) = (wrk.clone(), path.to_owned(), cookie.to_owned());
            let run = move || with_wrk(&wrk, at, &path, &cookie);
            let run = tokio::task::spawn_blocking(run).await;
            run.map_err(|error| Error::Because(error.to_string()))?
        }
        None => with_our_own(at, path, cookie).await,
    }
}

fn with_wrk(wrk: &Path, at: SocketAddr, path: &str, cookie: &str) -> Result<Load, Error> {
    let output = Command::new(wrk)
        .args(["-t2", "--latency"])
        .arg(format!("-c{CONNECTIONS}"))
        .arg(format!("-d{SECONDS}s"))
        .args(["-H", "X-CSRF: 1", "-H", &format!("Cookie: {cookie}")])
        .arg(format!("http://{at}{path}"))
        .output()?;
    let told = String::from_utf8_lossy(&output.stdout);
    read(&told).ok_or_else(|| Error::Because(format!("wrk says: {told}")))
}

/// Reads what wrk prints. None where answers were no successes.
fn read(told: &str) -> Option<Load> {
    let field = |name: &str| {
        told.lines()
            .find_map(|line| line.trim().strip_prefix(name))
            .map(str::trim)
    };
    if told.contains("Non-2xx") {
        return None;
    }
    Some(Load {
        per_second: field("Requests/sec:")?.parse().ok()?,
        p50_ms: milliseconds(field("50%")?)?,
        p99_ms: milliseconds(field("99%")?)?,
    })
}

fn milliseconds(text: &str) -> Option<f64> {
    let units = [("us", 0.001), ("ms", 1.0), ("s", 1000.0)];
    units.into_iter().find_map(|(unit, scale)| {
        let number: f64 = text.strip_suffix(unit)?.parse().ok()?;
        Some(number * scale)
    })
}

async fn with_our_own(at: SocketAddr, path: &str, cookie: &str) -> Result<Load, Error> {
    let began = Instant::now();
    let over = began + Duration::from_secs(SECONDS);
    let mut callers = Vec::new();
    for _ in 0..CONNECTIONS {
        let mut connection = Connection::open(at).await?;
        let (path, cookie) = (path.to_owned(), cookie.to_owned());
        callers.push(tokio::spawn(async move {
            let mut times = Vec::new();
            while Instant::now() < over {
                let headers = [("x-csrf", "1"), ("cookie", cookie.as_str())];
                let request = request(http::Method::GET, &path, &headers, "")?;
                let sent = Instant::now();
                let answer = connection.send(request).await?;
                if !answer.status.is_success() {
                    return Err(Error::Because(answer.text()));
                }
                times.push(sent.elapsed().as_secs_f64() * 1000.0);
            }
            Ok(times)
        }));
    }
    let mut times = Vec::new();
    for caller in callers {
        let those = caller
            .await
            .map_err(|error| Error::Because(error.to_string()))?;
        times.extend(those?);
    }
    let elapsed = began.elapsed().as_secs_f64();
    times.sort_by(f64::total_cmp);
    let at = |share: usize| times.get(times.len() * share / 100).copied();
    Ok(Load {
        per_second: times.len() as f64 / elapsed,
        p50_ms: at(50).unwrap_or_default(),
        p99_ms: at(99).unwrap_or_default(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOLD: &str = "  Latency Distribution\n     50%  344.00us\n     99%   21.60ms\n\
                        Requests/sec:  60882.52\n";

    #[test]
    fn what_wrk_prints_is_read() {
        let load = read(TOLD).unwrap();
        assert!((load.per_second - 60882.52).abs() < 0.001);
        assert!((load.p50_ms - 0.344).abs() < 0.000_1);
        assert!((load.p99_ms - 21.6).abs() < 0.000_1);
    }

    #[test]
    fn answers_that_are_no_successes_are_not_counted() {
        let told = format!("{TOLD}  Non-2xx or 3xx responses: 3\n");
        assert!(read(&told).is_none());
    }
}
