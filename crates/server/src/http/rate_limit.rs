//! Limits on the rate of requests: of one client address, of one session, and
//! of all clients.

use super::client_address::client_address;
use crate::{
    config::{RequestLimits, TrustedProxies},
    subscriber::limited_network,
};
use axum::{
    extract::{Request, State},
    http::{HeaderMap, header::COOKIE},
    middleware::Next,
    response::Response,
};
use confidant_bff::{
    Bff, ClientAddress,
    axum::{is_navigation, problem_response},
};
use confidant_wire::{Code, Problem};
use governor::{
    DefaultDirectRateLimiter, DefaultKeyedRateLimiter, Quota, RateLimiter,
    clock::{Clock as _, DefaultClock},
};
use std::{
    hash::{BuildHasher as _, Hash, RandomState},
    net::IpAddr,
    num::NonZeroU32,
    sync::Arc,
    time::Duration,
};

/// How many seconds' worth of requests may come at once.
const BURST_SECONDS: u32 = 10;
/// How often keys are forgotten that are within their limit again.
const CLEANUP_INTERVAL: Duration = Duration::from_secs(30);

/// What the middleware needs; cheap to clone.
#[derive(Clone)]
pub struct Limiter(Arc<Inner>);

struct Inner {
    proxies: TrustedProxies,
    bff: Bff,
    session_cookie: String,
    /// The keys of sessions cannot be guessed, so that no client uses up the
    /// share of another.
    hasher: RandomState,
    per_address: Keyed<IpAddr>,
    per_session: Keyed<u64>,
    total: Option<DefaultDirectRateLimiter>,
    sign_ins_per_address: Keyed<IpAddr>,
    sign_ins: Option<DefaultDirectRateLimiter>,
}

impl Limiter {
    /// Creates a limiter that has counted nothing.
    pub fn new(limits: RequestLimits, proxies: TrustedProxies, bff: Bff) -> Self {
        Self(Arc::new(Inner {
            proxies,
            session_cookie: bff.settings().names.session_cookie.clone(),
            bff,
            hasher: RandomState::new(),
            per_address: Keyed::new(limits.per_address),
            per_session: Keyed::new(limits.per_session),
            total: quota(limits.total).map(RateLimiter::direct),
            sign_ins_per_address: Keyed::new(limits.sign_ins_per_address),
            sign_ins: quota(limits.sign_ins).map(RateLimiter::direct),
        }))
    }

    /// Forgets clients that are within their limits, at regular intervals. Never
    /// returns.
    pub async fn run_cleanup(self) {
        let mut interval = tokio::time::interval(CLEANUP_INTERVAL);
        loop {
            interval.tick().await;
            self.0.per_address.clean_up();
            self.0.per_session.clean_up();
            self.0.sign_ins_per_address.clean_up();
        }
    }

    /// Returns which limit this request exceeds, and when to try again.
    fn exceeded(&self, client: Option<ClientAddress>, request: &Request) -> Option<Exceeded> {
        let inner = &self.0;
        let wait = |limit, wait: Option<Duration>| Some(Exceeded { limit, wait: wait? });
        let network = client.and_then(|client| limited_network(client.0));
        if let Some(network) = &network
            && let Some(exceeded) = wait("address", inner.per_address.check(network))
        {
            return Some(exceeded);
        }
        if let Some(session) = session_of(request.headers(), &inner.session_cookie) {
            let key = inner.hasher.hash_one(session);
            if let Some(exceeded) = wait("session", inner.per_session.check(&key)) {
                return Some(exceeded);
            }
        }
        if is_sign_in(request.uri().path(), &inner.bff) {
            if let Some(network) = &network
                && let Some(exceeded) =
                    wait("sign_in_address", inner.sign_ins_per_address.check(network))
            {
                return Some(exceeded);
            }
            if let Some(exceeded) = wait("sign_in", check(inner.sign_ins.as_ref())) {
                return Some(exceeded);
            }
        }
        wait("all", check(inner.total.as_ref()))
    }
}

/// A limit that a request exceeds.
struct Exceeded {
    limit: &'static str,
    wait: Duration,
}

/// Adds the client's address to the request, for the log and for APIs, and
/// refuses it with 429 if it exceeds a limit.
pub async fn limit(State(limiter): State<Limiter>, mut request: Request, next: Next) -> Response {
    let client = client_address(&request, &limiter.0.proxies);
    if let Some(client) = client {
        request.extensions_mut().insert(client);
    }
    let Some(exceeded) = limiter.exceeded(client, &request) else {
        return next.run(request).await;
    };
    let limit = exceeded.limit;
    metrics::counter!("confidant_rate_limited_total", "limit" => limit).increment(1);
    tracing::debug!(limit, client = ?client.map(|client| client.0), "rate limited");
    let seconds = exceeded.wait.as_millis().div_ceil(1000).max(1);
    let problem = Problem::new(
        Code::RateLimited,
        "Too many requests came in a short time, so this one was not carried out. Try again in a moment.",
    )
    .retry_after(u64::try_from(seconds).unwrap_or(u64::MAX));
    let response = problem_response(problem.clone());
    if !is_navigation(request.headers()) {
        return response;
    }
    let mut page = limiter
        .0
        .bff
        .error_page()
        .response(response.status(), &problem);
    page.headers_mut().extend(
        response
            .headers()
            .get("retry-after")
            .map(|value| (axum::http::header::RETRY_AFTER, value.clone())),
    );
    page
}

/// Whether the path starts or finishes a sign-in: it is stored, or the provider
/// is asked.
fn is_sign_in(path: &str, bff: &Bff) -> bool {
    let paths = &bff.settings().paths;
    let name = path.strip_prefix(&*paths.auth);
    matches!(name, Some("/login/start" | "/login/finish"))
}

/// Returns the value of the session cookie.
fn session_of<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a [u8]> {
    headers
        .get_all(COOKIE)
        .iter()
        .flat_map(|header| header.as_bytes().split(|byte| *byte == b';'))
        .find_map(|pair| {
            let rest = pair.trim_ascii().strip_prefix(name.as_bytes())?;
            rest.strip_prefix(b"=")
        })
}

/// Returns the quota of this many requests a second, or `None` for zero.
fn quota(per_second: u32) -> Option<Quota> {
    let rate = NonZeroU32::new(per_second)?;
    let burst = NonZeroU32::new(per_second.saturating_mul(BURST_SECONDS))?;
    Some(Quota::per_second(rate).allow_burst(burst))
}

fn check(limiter: Option<&DefaultDirectRateLimiter>) -> Option<Duration> {
    let refused = limiter?.check().err()?;
    Some(refused.wait_time_from(DefaultClock::default().now()))
}

/// A limit on each of many keys, if there is one.
struct Keyed<K: Hash + Eq + Clone>(Option<DefaultKeyedRateLimiter<K>>);

impl<K: Hash + Eq + Clone> Keyed<K> {
    fn new(per_second: u32) -> Self {
        Self(quota(per_second).map(RateLimiter::keyed))
    }

    /// Counts a request. Returns how long to wait if it exceeds the limit.
    fn check(&self, key: &K) -> Option<Duration> {
        let refused = self.0.as_ref()?.check_key(key).err()?;
        Some(refused.wait_time_from(DefaultClock::default().now()))
    }

    fn clean_up(&self) {
        if let Some(limiter) = &self.0 {
            limiter.retain_recent();
            limiter.shrink_to_fit();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_over_its_limit_waits_and_no_other_key_does() {
        let limit = Keyed::new(1);
        for _ in 0..BURST_SECONDS {
            assert_eq!(limit.check(&1), None);
        }
        let wait = limit.check(&1).unwrap();
        assert!(wait > Duration::ZERO && wait <= Duration::from_secs(1));
        assert_eq!(limit.check(&2), None);
        assert_eq!(Keyed::new(0).check(&1), None, "zero means no limit");
    }

    #[test]
    fn a_session_is_found_among_other_cookies() {
        let mut headers = HeaderMap::new();
        let cookies = b"a=\xc3\xbc; __Host-s=one; __Host-s2=two";
        headers.insert(
            COOKIE,
            axum::http::HeaderValue::from_bytes(cookies).unwrap(),
        );
        assert_eq!(session_of(&headers, "__Host-s"), Some(&b"one"[..]));
        assert_eq!(session_of(&headers, "b"), None);
    }
}
