//! The control API of the demo provider: faults, policies, request counts and
//! the log of its decisions.

use crate::{
    Error,
    http::{Response, request, send},
};
use http::Method;
use serde_json::{Value, json};
use std::{net::SocketAddr, time::Duration};
use tokio::time::sleep;

/// The id of the confidential client.
pub const CLIENT: &str = "confidant-web";

/// How long the requests that a test waits for may take.
const LIMIT: Duration = Duration::from_secs(10);
const INTERVAL: Duration = Duration::from_millis(10);

/// A running demo provider.
#[derive(Clone, Copy, Debug)]
pub struct DemoProvider {
    address: SocketAddr,
}

impl DemoProvider {
    /// Returns the control API of the provider at this address.
    pub fn at(address: SocketAddr) -> Self {
        Self { address }
    }

    /// Replaces the fault rules by these.
    ///
    /// # Errors
    /// If the provider refuses them.
    pub async fn put_faults(&self, rules: Value) -> Result<(), Error> {
        self.control(Method::PUT, "/demo/faults", &rules).await
    }

    /// Replaces the fault rules by this fault, for the next refresh only.
    ///
    /// # Errors
    /// If the provider refuses it.
    pub async fn put_fault(&self, fault: Value) -> Result<(), Error> {
        self.put_faults(json!([refresh_rule(fault, Some(1))])).await
    }

    /// Deletes the fault rules.
    ///
    /// # Errors
    /// If the provider refuses.
    pub async fn clear_faults(&self) -> Result<(), Error> {
        self.put_faults(json!([])).await
    }

    /// Sets the token policy of the client.
    ///
    /// # Errors
    /// If the provider refuses it.
    pub async fn put_policy(&self, policy: Value) -> Result<(), Error> {
        let path = format!("/demo/policy/{CLIENT}");
        self.control(Method::PUT, &path, &policy).await
    }

    /// Returns the number of refresh requests of the client since the provider
    /// started.
    ///
    /// # Errors
    /// If the provider does not respond.
    pub async fn refreshes(&self) -> Result<u64, Error> {
        let counts = self.read("/demo/requests").await?;
        let count = &counts["by_client"][CLIENT]["refresh_token"];
        Ok(count.as_u64().unwrap_or_default())
    }

    /// Waits until the client has sent `count` refresh requests. The provider
    /// may not have answered the last one yet.
    ///
    /// # Errors
    /// If the client has sent fewer after ten seconds.
    pub async fn wait_for_refreshes(&self, count: u64) -> Result<(), Error> {
        wait_until("the client sent too few refresh requests", async || {
            Ok(self.refreshes().await? >= count)
        })
        .await
    }

    /// Returns the number of requests that the fault rules have affected. A
    /// request that a fault delays counts from its arrival.
    ///
    /// # Errors
    /// If the provider does not respond.
    pub async fn fault_hits(&self) -> Result<u64, Error> {
        let rules = self.read("/demo/faults").await?;
        let hits = |rule: &Value| rule["hits"].as_u64();
        let rules = rules.as_array().into_iter().flatten();
        Ok(rules.filter_map(hits).sum())
    }

    /// Waits until the fault rules have affected `count` requests.
    ///
    /// # Errors
    /// If they have affected fewer after ten seconds.
    pub async fn wait_for_fault_hits(&self, count: u64) -> Result<(), Error> {
        wait_until("the faults affected too few requests", async || {
            Ok(self.fault_hits().await? >= count)
        })
        .await
    }

    /// Returns the number of requests of any kind to the token endpoint.
    ///
    /// # Errors
    /// If the provider does not respond.
    pub async fn token_requests(&self) -> Result<u64, Error> {
        let counts = self.read("/demo/requests").await?;
        let count = &counts["endpoints"]["POST /token"];
        Ok(count.as_u64().unwrap_or_default())
    }

    /// Returns whether the token with this fingerprint can still be used.
    ///
    /// # Errors
    /// If the provider does not respond, or `fingerprint` is none.
    pub async fn is_active(&self, fingerprint: &str) -> Result<bool, Error> {
        let (kind, hex) = fingerprint
            .split_once('·')
            .ok_or_else(|| Error::message("this is no fingerprint"))?;
        let status = self.read(&format!("/demo/tokens/{kind}/{hex}")).await?;
        Ok(status["active"] == true)
    }

    /// Returns the latest decisions, oldest first.
    ///
    /// # Errors
    /// If the provider does not respond.
    pub async fn decisions(&self) -> Result<Vec<Value>, Error> {
        let decisions = self.read("/demo/decisions").await?;
        Ok(decisions.as_array().cloned().unwrap_or_default())
    }

    /// Returns, among the latest decisions, the number of refresh tokens that the
    /// client presented after they had been replaced, or after a replay had
    /// revoked their family.
    ///
    /// # Errors
    /// If the provider does not respond.
    pub async fn replayed_tokens(&self) -> Result<usize, Error> {
        let is_replay = |decision: &Value| {
            decision["reason"] == "reused" || decision["reason"] == "family_revoked"
        };
        let decisions = self.decisions().await?;
        Ok(decisions.into_iter().filter(is_replay).count())
    }

    async fn read(&self, path: &str) -> Result<Value, Error> {
        Ok(self.send(Method::GET, path, "").await?.json())
    }

    async fn control(&self, method: Method, path: &str, body: &Value) -> Result<(), Error> {
        let response = self.send(method, path, &body.to_string()).await?;
        if response.status.is_success() {
            return Ok(());
        }
        Err(Error::message(format!("{path}: {}", response.text())))
    }

    async fn send(&self, method: Method, path: &str, body: &str) -> Result<Response, Error> {
        send(
            self.address,
            request(method, path, &[("x-demo", "1")], body)?,
        )
        .await
    }
}

async fn wait_until(
    failure: &str,
    condition: impl AsyncFn() -> Result<bool, Error>,
) -> Result<(), Error> {
    let deadline = tokio::time::Instant::now() + LIMIT;
    while !condition().await? {
        if tokio::time::Instant::now() > deadline {
            return Err(Error::message(failure));
        }
        sleep(INTERVAL).await;
    }
    Ok(())
}

/// Returns the rule that a fault affects the client's refresh requests: the next
/// `times` of them, or all.
pub fn refresh_rule(fault: Value, times: Option<u64>) -> Value {
    let mut rule = json!({
        "endpoint": "/token",
        "client": CLIENT,
        "grant_type": "refresh_token",
        "fault": fault,
    });
    if let Some(times) = times {
        rule["times"] = times.into();
    }
    rule
}
