//! The demo provider's controls, its counts, and its log of decisions.

use crate::{
    Error,
    http::{Response, request, send},
};
use http::Method;
use serde_json::{Value, json};
use std::{net::SocketAddr, time::Duration};

/// The confidential client's id there.
pub const CLIENT: &str = "confidant-web";

/// The control API of a demo provider.
#[derive(Clone, Copy, Debug)]
pub struct DemoProvider {
    at: SocketAddr,
}

impl DemoProvider {
    /// Of the provider at this address.
    pub fn at(at: SocketAddr) -> Self {
        Self { at }
    }

    /// Lets these things go wrong, and nothing else.
    ///
    /// # Errors
    /// When the provider refuses.
    pub async fn put_faults(&self, rules: Value) -> Result<(), Error> {
        self.control(Method::PUT, "/demo/faults", &rules).await
    }

    /// Lets one thing befall the next refresh, once.
    ///
    /// # Errors
    /// When the provider refuses.
    pub async fn put_fault(&self, fault: Value) -> Result<(), Error> {
        self.put_faults(json!([refresh_rule(fault, Some(1))])).await
    }

    /// Lets nothing go wrong any more.
    ///
    /// # Errors
    /// When the provider refuses.
    pub async fn clear(&self) -> Result<(), Error> {
        self.put_faults(json!([])).await
    }

    /// Treats our client so from now on.
    ///
    /// # Errors
    /// When the provider refuses.
    pub async fn put_policy(&self, policy: Value) -> Result<(), Error> {
        let path = format!("/demo/policy/{CLIENT}");
        self.control(Method::PUT, &path, &policy).await
    }

    /// How many refreshes our client has asked for since the provider started.
    ///
    /// # Errors
    /// When the provider does not answer.
    pub async fn refreshes(&self) -> Result<u64, Error> {
        let counts = self.read("/demo/requests").await?;
        let count = &counts["by_client"][CLIENT]["refresh_token"];
        Ok(count.as_u64().unwrap_or_default())
    }

    /// Waits until our client has asked for so many, an answer to the last of
    /// which may still be under way.
    ///
    /// # Errors
    /// When that does not happen in ten seconds.
    pub async fn wait_for_refreshes(&self, count: u64) -> Result<(), Error> {
        until("no refresh was asked for", async || {
            Ok(self.refreshes().await? >= count)
        })
        .await
    }

    /// How many requests faults have befallen, those included that are held up
    /// and not looked at yet.
    ///
    /// # Errors
    /// When the provider does not answer.
    pub async fn fault_hits(&self) -> Result<u64, Error> {
        let rules = self.read("/demo/faults").await?;
        let struck = |rule: &Value| rule["struck"].as_u64();
        let rules = rules.as_array().into_iter().flatten();
        Ok(rules.filter_map(struck).sum())
    }

    /// Waits until faults have befallen so many requests.
    ///
    /// # Errors
    /// When that does not happen in ten seconds.
    pub async fn wait_for_fault_hits(&self, count: u64) -> Result<(), Error> {
        until("no fault befell a request", async || {
            Ok(self.fault_hits().await? >= count)
        })
        .await
    }

    /// How many requests of any kind the token endpoint has had.
    ///
    /// # Errors
    /// When the provider does not answer.
    pub async fn token_requests(&self) -> Result<u64, Error> {
        let counts = self.read("/demo/requests").await?;
        Ok(counts["endpoints"]["POST /token"]
            .as_u64()
            .unwrap_or_default())
    }

    /// What it decided lately, the oldest first.
    ///
    /// # Errors
    /// When the provider does not answer.
    pub async fn decisions(&self) -> Result<Vec<Value>, Error> {
        let decisions = self.read("/demo/decisions").await?;
        Ok(decisions.as_array().cloned().unwrap_or_default())
    }

    /// How many refresh tokens were presented after they had a successor, or
    /// after that had ended their family, as far as it remembers.
    ///
    /// # Errors
    /// When the provider does not answer.
    pub async fn replayed_tokens(&self) -> Result<usize, Error> {
        let bad = |it: &Value| it["reason"] == "reused" || it["reason"] == "family_revoked";
        let decisions = self.decisions().await?;
        Ok(decisions.into_iter().filter(bad).count())
    }

    async fn read(&self, path: &str) -> Result<Value, Error> {
        Ok(self.ask(Method::GET, path, "").await?.json())
    }

    async fn control(&self, method: Method, path: &str, body: &Value) -> Result<(), Error> {
        let answer = self.ask(method, path, &body.to_string()).await?;
        if answer.status.is_success() {
            return Ok(());
        }
        Err(Error::because(format!("{path}: {}", answer.text())))
    }

    async fn ask(&self, method: Method, path: &str, body: &str) -> Result<Response, Error> {
        send(self.at, request(method, path, &[("x-demo", "1")], body)?).await
    }
}

async fn until(error: &str, happened: impl AsyncFn() -> Result<bool, Error>) -> Result<(), Error> {
    for _ in 0..1000 {
        if happened().await? {
            return Ok(());
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    Err(Error::because(error.to_owned()))
}

/// The rule that a fault befalls refreshes: so many times, or from now on.
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
