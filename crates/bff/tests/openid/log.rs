//! What the operator reads in the log.

use crate::{
    application::Application,
    provider::{CLIENT_SECRET, Provider, key_set},
    signer::{Signer, hs256},
};
use serde_json::{Value, json};
use std::{
    io,
    sync::{Arc, Mutex, PoisonError},
};
use tracing::subscriber::DefaultGuard;

/// The log of one test, which runs on one thread.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn start() -> (Self, DefaultGuard) {
        let log = Self::default();
        let writer = log.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_ansi(false)
            .with_writer(move || writer.clone())
            .finish();
        (log, tracing::subscriber::set_default(subscriber))
    }

    fn text(&self) -> String {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut log = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        log.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Returns what is logged of a sign-in that fails.
async fn logged_sign_in(provider: &Provider) -> String {
    let (log, _guard) = Log::start();
    let reply = Application::start(provider).await.sign_in().await;
    assert_eq!(reply.problem(), (502, "provider_misbehaved".into()));
    log.text()
}

#[tokio::test]
async fn b38_the_log_names_algorithm_key_and_claim() {
    let provider = Provider::start().await;
    provider.script().sign = Some(|claims: &Value| hs256(CLIENT_SECRET.as_bytes(), claims));
    let log = logged_sign_in(&provider).await;
    assert!(log.contains("HS256"), "{log}");

    let provider = Provider::start().await;
    let (signer, other) = (
        Signer::new("RS256", Some("k9")),
        Signer::new("RS256", Some("k1")),
    );
    provider.sign_with(signer);
    provider.script().keys = key_set(&[&other]);
    let log = logged_sign_in(&provider).await;
    assert!(
        log.contains("RS256") && log.contains("k9") && log.contains("k1"),
        "{log}"
    );

    let provider = Provider::start().await;
    provider.script().claims = json!({ "aud": ["client", "another\nERROR forged"] });
    let log = logged_sign_in(&provider).await;
    assert!(
        log.contains("the claim aud") && log.contains("another"),
        "{log}"
    );
    assert!(
        !log.lines().any(|line| line.starts_with("ERROR forged")),
        "{log}"
    );

    let provider = Provider::start().await;
    provider.script().metadata = json!({ "jwks_uri": null });
    let (log, _guard) = Log::start();
    let application = Application::start(&provider).await;
    let start = application
        .post("/auth/login/start", &[("provider", "p")])
        .await;
    assert_eq!(start.status, 502);
    assert!(log.text().contains("jwks_uri is missing"), "{}", log.text());
}

#[tokio::test]
async fn b15_the_log_has_the_provider_s_reason_on_one_line() {
    let provider = Provider::start().await;
    let application = Application::start(&provider).await;
    let sent = application.begin(&[("provider", "p")]).await;
    let (log, _guard) = Log::start();
    let long = format!(
        "Unknown scope: offline_access\r\n2026 ERROR forged {}",
        "x".repeat(10_000)
    );
    let fields = [
        ("state", sent["state"].as_str()),
        ("error", "invalid_scope"),
        ("error_description", &long),
    ];
    let reply = application.post("/auth/login/finish", &fields).await;
    assert_eq!(reply.problem(), (400, "authorization_failed".into()));
    assert!(!reply.text.contains("offline_access"), "{}", reply.text);
    let log = log.text();
    assert!(
        log.contains("invalid_scope: Unknown scope: offline_access"),
        "{log}"
    );
    assert!(
        log.lines()
            .all(|line| line.len() < 400 && !line.starts_with("2026 ERROR")),
        "{log}"
    );
}
