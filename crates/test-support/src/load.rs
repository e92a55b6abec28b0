//! A load generator: the program wrk, or a slower one of our own where wrk is not
//! installed.

use crate::{
    Error,
    http::{Connection, request},
};
use http::Method;
use std::{
    net::SocketAddr,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

/// The number of connections.
pub const CONNECTIONS: usize = 32;
/// How long a run lasts, in seconds.
const SECONDS: u64 = 5;

/// The result of a run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Load {
    /// Requests per second.
    pub per_second: f64,
    /// The median latency in milliseconds.
    pub p50_ms: f64,
    /// The latency that 99 % of the requests do not exceed, in milliseconds.
    pub p99_ms: f64,
}

/// Requests one path with this cookie again and again, for five seconds.
///
/// # Errors
/// If a response is not a success.
pub async fn generate_load(
    wrk: Option<&Path>,
    server: SocketAddr,
    path: &str,
    cookie: &str,
) -> Result<Load, Error> {
    let Some(wrk) = wrk else {
        return run_own_generator(server, path, cookie).await;
    };
    let (wrk, path, cookie) = (wrk.to_owned(), path.to_owned(), cookie.to_owned());
    tokio::task::spawn_blocking(move || run_wrk(&wrk, server, &path, &cookie))
        .await
        .map_err(|error| Error::message(error.to_string()))?
}

fn run_wrk(wrk: &Path, server: SocketAddr, path: &str, cookie: &str) -> Result<Load, Error> {
    let output = Command::new(wrk)
        .args(["-t2", "--latency"])
        .arg(format!("-c{CONNECTIONS}"))
        .arg(format!("-d{SECONDS}s"))
        .args(["-H", "X-CSRF: 1", "-H", &format!("Cookie: {cookie}")])
        .arg(format!("http://{server}{path}"))
        .output()?;
    let output = String::from_utf8_lossy(&output.stdout);
    parse_wrk(&output).ok_or_else(|| Error::message(format!("wrk failed: {output}")))
}

/// Parses what wrk prints. Returns `None` if a response was not a success.
fn parse_wrk(output: &str) -> Option<Load> {
    let field = |name: &str| {
        output
            .lines()
            .find_map(|line| line.trim().strip_prefix(name))
            .map(str::trim)
    };
    if output.contains("Non-2xx") {
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

async fn run_own_generator(server: SocketAddr, path: &str, cookie: &str) -> Result<Load, Error> {
    let began = Instant::now();
    let end = began + Duration::from_secs(SECONDS);
    let mut callers = Vec::new();
    for _ in 0..CONNECTIONS {
        let connection = Connection::open(server).await?;
        let (path, cookie) = (path.to_owned(), cookie.to_owned());
        callers.push(tokio::spawn(measure_until(end, connection, path, cookie)));
    }
    let mut times = Vec::new();
    for caller in callers {
        let measured = caller
            .await
            .map_err(|error| Error::message(error.to_string()))?;
        times.extend(measured?);
    }
    let elapsed = began.elapsed().as_secs_f64();
    times.sort_by(f64::total_cmp);
    let percentile = |percent: usize| times.get(times.len() * percent / 100).copied();
    Ok(Load {
        per_second: times.len() as f64 / elapsed,
        p50_ms: percentile(50).unwrap_or_default(),
        p99_ms: percentile(99).unwrap_or_default(),
    })
}

/// Sends one request after the other, and returns their times in milliseconds.
async fn measure_until(
    end: Instant,
    mut connection: Connection,
    path: String,
    cookie: String,
) -> Result<Vec<f64>, Error> {
    let headers = [("x-csrf", "1"), ("cookie", cookie.as_str())];
    let mut times = Vec::new();
    while Instant::now() < end {
        let request = request(Method::GET, &path, &headers, "")?;
        let sent = Instant::now();
        let response = connection.send(request).await?;
        if !response.status.is_success() {
            return Err(Error::Message(response.text()));
        }
        times.push(sent.elapsed().as_secs_f64() * 1000.0);
    }
    Ok(times)
}

#[cfg(test)]
mod tests {
    use super::*;

    const OUTPUT: &str = "  Latency Distribution\n     50%  344.00us\n     99%   21.60ms\n\
                          Requests/sec:  60882.52\n";

    #[test]
    fn the_output_of_wrk_is_parsed() {
        let load = parse_wrk(OUTPUT).unwrap();
        assert!((load.per_second - 60882.52).abs() < 0.001);
        assert!((load.p50_ms - 0.344).abs() < 0.000_1);
        assert!((load.p99_ms - 21.6).abs() < 0.000_1);
    }

    #[test]
    fn a_run_with_error_responses_has_no_result() {
        let output = format!("{OUTPUT}  Non-2xx or 3xx responses: 3\n");
        assert!(parse_wrk(&output).is_none());
    }
}
