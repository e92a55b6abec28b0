//! The page's side of the service worker.

use super::reply::{self, LastSeen, Reply};
use crate::{
    Browser, Error,
    error::{
        ErrorKind,
        catalog::{not_signed_in, other_user},
    },
    exchange_log::ExchangeLog,
    platform::{Platform, StorageArea},
    provider::discovery::Discovery,
    resource::{ApiResponse, api_request, api_unavailable},
    session::{Session, SignedIn, SignedOut},
    settings::{KeyPrefix, Settings},
    sign_in::{attempts::SignInAttempts, id_token},
    sign_out::end_session_url,
    transport::{Transport, limit},
};
use confidant_protocol::AuthorizationResponse;
use confidant_wire::{Claims, Party, Report, TokenView, Validation};
use serde_json::{Value, json};
use std::rc::Rc;

/// How often a page sends a message to its worker, in milliseconds: a browser
/// stops a worker half a minute after its last message.
const KEEP_AWAKE_INTERVAL: u32 = 20_000;

/// A public client whose tokens are in a service worker alone (RFC 10017,
/// section 7.4). It has the operations of [`PublicClient`](crate::PublicClient),
/// except those that return a token. A clone is the same client.
///
/// When the browser stops the worker, its tokens are lost. Operations then fail
/// with [`WorkerRestarted`](crate::ErrorKind), and
/// [`start_silently`](Self::start_silently) is the way to new ones.
pub struct ServiceWorkerClient<P> {
    parts: Rc<Parts<P>>,
}

struct Parts<P> {
    platform: P,
    settings: Rc<Settings>,
    attempts: SignInAttempts<P>,
    log: ExchangeLog<P>,
    script: String,
    /// Where the worker's run that has the tokens is stored, and their user.
    session_key: Rc<str>,
    /// Where this tab stores the last exchange that it knows.
    last_seen_key: Rc<str>,
}

impl<P> Clone for ServiceWorkerClient<P> {
    fn clone(&self) -> Self {
        Self {
            parts: self.parts.clone(),
        }
    }
}

impl ServiceWorkerClient<Browser> {
    /// Creates a client with these settings in this browser. `script` is the path
    /// of the worker's script.
    pub fn new(settings: Settings, script: impl Into<String>) -> Self {
        Self::on(Browser, settings, script)
    }
}

impl<P: Platform> ServiceWorkerClient<P> {
    /// Creates a client with these settings, which must be those of the script.
    /// `script` is the path where [`service_worker`](crate::service_worker) is
    /// served, in a folder above all pages of this kind.
    pub fn on(platform: P, settings: Settings, script: impl Into<String>) -> Self {
        let prefix = KeyPrefix::of(&settings);
        let settings = Rc::new(settings);
        let log = ExchangeLog::new(platform.clone(), &prefix);
        let transport = Transport::new(platform.clone(), log.clone());
        let discovery = Discovery::new(transport, &settings.issuer);
        let attempts = SignInAttempts::new(platform.clone(), settings.clone(), discovery, &prefix);
        Self {
            parts: Rc::new(Parts {
                platform,
                settings,
                attempts,
                log,
                script: script.into(),
                session_key: prefix.key("worker-session"),
                last_seen_key: prefix.key("worker-last-seen"),
            }),
        }
    }

    /// As [`PublicClient::start`](crate::PublicClient::start).
    ///
    /// # Errors
    /// The same.
    pub async fn start(&self, return_to: &str) -> Result<String, Error> {
        self.parts.attempts.start(return_to, false).await
    }

    /// As [`PublicClient::start_silently`](crate::PublicClient::start_silently).
    ///
    /// # Errors
    /// The same.
    pub async fn start_silently(&self, return_to: &str) -> Result<String, Error> {
        self.parts.attempts.start(return_to, true).await
    }

    /// As [`PublicClient::finish`](crate::PublicClient::finish). The page hands
    /// code and verifier to the worker, which exchanges them and keeps the
    /// tokens.
    ///
    /// # Errors
    /// The same.
    pub async fn finish(&self, response: &AuthorizationResponse) -> Result<String, Error> {
        let parts = &self.parts;
        let (code, attempt) = parts.attempts.accept(response).await?;
        let before = self.stored_session();
        if attempt.silent && before.is_none() {
            // The user signed out meanwhile.
            return Err(not_signed_in());
        }
        let exchange = json!({
            "op": "exchange",
            "code": code,
            "verifier": attempt.verifier,
            "nonce": attempt.nonce,
            "silent": attempt.silent,
        });
        let reply = self.send(exchange).await?;
        let claims: Claims = read(reply.result?)?;
        let openid = parts.settings.scopes.iter().any(|scope| scope == "openid");
        let check = || id_token::check(&claims, &parts.settings, &attempt.nonce, None);
        if openid && let Err(error) = check() {
            self.ask("forget").await?;
            return Err(error);
        }
        let subject = claims
            .get("sub")
            .and_then(Value::as_str)
            .unwrap_or_default();
        if attempt.silent && before.is_some_and(|(_, user)| user != subject) {
            self.sign_out().await?;
            return Err(other_user());
        }
        let session = format!("{} {subject}", reply.instance);
        let key = &parts.session_key;
        parts.platform.write(StorageArea::Shared, key, &session)?;
        Ok(attempt.return_to.into())
    }

    /// As [`PublicClient::session`](crate::PublicClient::session).
    ///
    /// # Errors
    /// If there is no worker.
    pub async fn session(&self) -> Result<Session, Error> {
        let reply = self.send(json!({ "op": "session" })).await?;
        let restarted = self.restarted(&reply.instance);
        let answer = reply.result?;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let signed_in = answer["signed_in"].as_object().map(|user| SignedIn {
            subject: user.get("subject").map(text).unwrap_or_default(),
            name: user.get("name").map(text).unwrap_or_default(),
            since: user
                .get("since")
                .and_then(Value::as_u64)
                .unwrap_or_default(),
        });
        let ended = match (&signed_in, restarted) {
            (Some(_), _) => None,
            (None, Some(error)) => Some(error),
            (None, None) => answer["ended"]
                .is_object()
                .then(|| reply::error(&answer["ended"])),
        };
        Ok(Session { signed_in, ended })
    }

    /// Returns what may be shown of the token.
    ///
    /// # Errors
    /// If no user is signed in, or the worker was restarted.
    pub async fn token(&self) -> Result<TokenView, Error> {
        read(self.ask("token").await?)
    }

    /// Refreshes now.
    ///
    /// # Errors
    /// As [`PublicClient::refresh`](crate::PublicClient::refresh).
    pub async fn refresh(&self) -> Result<TokenView, Error> {
        read(self.ask("refresh").await?)
    }

    /// Treats the access token as expired, so that the next call refreshes.
    ///
    /// # Errors
    /// If no user is signed in.
    pub async fn expire(&self) -> Result<TokenView, Error> {
        read(self.ask("expire").await?)
    }

    /// As [`PublicClient::profile`](crate::PublicClient::profile).
    ///
    /// # Errors
    /// The same.
    pub async fn profile(&self) -> Result<Claims, Error> {
        read(self.ask("profile").await?)
    }

    /// As [`PublicClient::validate`](crate::PublicClient::validate).
    ///
    /// # Errors
    /// The same.
    pub async fn validate(&self) -> Result<Validation, Error> {
        read(self.ask("validate").await?)
    }

    /// As [`PublicClient::call`](crate::PublicClient::call). The page sends the
    /// request without a token, and the worker adds the token. In a page inside
    /// the worker's scope, any `fetch` to the APIs gets it; outside, the API
    /// answers 401.
    ///
    /// # Errors
    /// The same.
    pub async fn call(
        &self,
        url: &str,
        method: &'static str,
        body: Option<String>,
    ) -> Result<ApiResponse, Error> {
        let request = api_request(&self.parts.settings.apis, url, method, body)?;
        // Makes sure that the worker controls this page.
        self.ask("report").await?;
        let limit = limit(Party::Api);
        let result = self.parts.platform.fetch(&request, limit).await;
        let response = result.map_err(|_| api_unavailable())?;
        if let Some(code) = &response.worker_error {
            let fallback = json!({ "code": code, "message": "The service worker has no token." });
            let fields = serde_json::from_str(&response.body).unwrap_or(fallback);
            let instance = self.send(json!({ "op": "report" })).await?.instance;
            return Err(self.explain(reply::error(&fields), &instance));
        }
        Ok(response.into())
    }

    /// As [`PublicClient::sign_out`](crate::PublicClient::sign_out).
    ///
    /// # Errors
    /// If there is no worker.
    pub async fn sign_out(&self) -> Result<SignedOut, Error> {
        let answer = self.ask("sign_out").await?;
        let parts = &self.parts;
        parts
            .platform
            .remove(StorageArea::Shared, &parts.session_key);
        let endpoint = answer["end_session_endpoint"].as_str();
        Ok(SignedOut {
            revoked: answer["revoked"] == true,
            end_session_url: endpoint.map(|endpoint| end_session_url(endpoint, &parts.settings)),
        })
    }

    /// As [`PublicClient::report`](crate::PublicClient::report), with the
    /// exchanges of the worker for all its pages.
    pub async fn report(&self) -> Report {
        // A worker that does not reply has nothing to add.
        let _ = self.ask("report").await;
        self.parts.log.report()
    }

    /// Sends messages to the worker for as long as this page lives, so that the
    /// browser does not stop it. Browsers slow the timers of hidden pages down,
    /// and may stop the worker all the same.
    pub fn keep_awake(&self) {
        let client = self.clone();
        self.parts.platform.spawn(async move {
            loop {
                client.parts.platform.sleep(KEEP_AWAKE_INTERVAL).await;
                let _ = client.send(json!({ "op": "session" })).await;
            }
        });
    }

    async fn ask(&self, operation: &str) -> Result<Value, Error> {
        let reply = self.send(json!({ "op": operation })).await?;
        let instance = reply.instance;
        reply.result.map_err(|error| self.explain(error, &instance))
    }

    /// Sends a message, and records what the worker did since the last one.
    async fn send(&self, mut message: Value) -> Result<Reply, Error> {
        let Parts {
            platform,
            last_seen_key: key,
            ..
        } = &*self.parts;
        let stored = platform.read(StorageArea::Tab, key).ok().flatten();
        let last_seen = LastSeen::read(stored.as_deref().unwrap_or_default());
        message["instance"] = last_seen.instance.as_str().into();
        message["known"] = last_seen.known.into();
        let message = message.to_string();
        let reply = platform
            .ask_service_worker(&self.parts.script, &message)
            .await?;
        let mut reply = Reply::read(&reply)?;
        let report = std::mem::take(&mut reply.report);
        if let Some(last) = report.exchanges.last() {
            let last_seen = LastSeen {
                instance: reply.instance.clone(),
                known: last.id,
            };
            // If it cannot be stored, the worker reports the exchanges again.
            let _ = platform.write(StorageArea::Tab, key, &last_seen.write());
        }
        self.parts.log.update(|log| log.add_report(report));
        Ok(reply)
    }

    /// Replaces "no user is signed in" by the restart that caused it.
    fn explain(&self, error: Error, instance: &str) -> Error {
        match error.kind {
            ErrorKind::NotSignedIn => self.restarted(instance).unwrap_or(error),
            _ => error,
        }
    }

    /// Returns the worker's run that had the tokens, and the subject of their user.
    fn stored_session(&self) -> Option<(String, String)> {
        let Parts {
            platform,
            session_key,
            ..
        } = &*self.parts;
        let stored = platform.read(StorageArea::Shared, session_key);
        let stored = stored.ok().flatten()?;
        let (instance, subject) = stored.split_once(' ')?;
        Some((instance.to_owned(), subject.to_owned()))
    }

    fn restarted(&self, instance: &str) -> Option<Error> {
        let (known, _) = self.stored_session()?;
        (known != instance).then(|| {
            let message = "The browser stopped the service worker, and the tokens were in its \
                           memory only: this sign-in has to be renewed at the provider.";
            Error::new(ErrorKind::WorkerRestarted, message)
        })
    }
}

fn read<T: serde::de::DeserializeOwned>(answer: Value) -> Result<T, Error> {
    reply::read(&answer).ok_or_else(reply::unreadable)
}
