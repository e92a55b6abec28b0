//! The client kind `worker`: its page's side.

mod reply;
mod script;

pub use script::service_worker;

use crate::{
    Answer, AuthorizationResponse, Error, Kind, Platform, PublicClient, Session, Settings,
    SignedIn, SignedOut, client,
    platform::Area,
    sign_in::id_token::{self, Expected},
};
use confidant_wire::{Claims, Report, TokenView, Validation};
use reply::{Mark, Reply};
use serde_json::{Value, json};

/// How often a page speaks to its worker, in milliseconds: browsers stop one
/// that nobody has spoken to for half a minute.
const AWAKE: u32 = 20_000;

/// A public client whose tokens live only in a service worker (RFC 10017,
/// section 7.4). It has the operations of [`PublicClient`], save those that
/// give a token away.
///
/// When the browser stops the worker its tokens are gone. Operations then fail
/// with [`Kind::WorkerRestarted`], and
/// [`start_silently`](Self::start_silently) is the way to new ones.
pub struct ServiceWorkerClient<P> {
    page: PublicClient<P>,
    script: String,
}

impl<P> Clone for ServiceWorkerClient<P> {
    fn clone(&self) -> Self {
        Self {
            page: self.page.clone(),
            script: self.script.clone(),
        }
    }
}

impl<P: Platform> ServiceWorkerClient<P> {
    /// A client with these settings, which must be those that the script was
    /// made with. `script` is the path where [`service_worker`] is served; it
    /// must lie in a folder above all pages of this kind.
    pub fn on(platform: P, settings: Settings, script: impl Into<String>) -> Self {
        Self {
            page: PublicClient::on(platform, settings),
            script: script.into(),
        }
    }

    /// As [`PublicClient::start`].
    ///
    /// # Errors
    /// As there.
    pub async fn start(&self, return_to: &str) -> Result<String, Error> {
        self.page.start(return_to).await
    }

    /// As [`PublicClient::start_silently`].
    ///
    /// # Errors
    /// As there.
    pub async fn start_silently(&self, return_to: &str) -> Result<String, Error> {
        self.page.start_silently(return_to).await
    }

    /// As [`PublicClient::finish`]; code and verifier are handed to the worker,
    /// which exchanges them and keeps what it gets.
    ///
    /// # Errors
    /// As there.
    pub async fn finish(&self, response: &AuthorizationResponse) -> Result<String, Error> {
        let (code, pending) = self.page.accept(response).await?;
        let exchange = json!({
            "op": "exchange",
            "code": code,
            "verifier": pending.verifier,
            "nonce": pending.nonce,
        });
        let reply = self.send(exchange).await?;
        let claims: Claims = read(reply.result?)?;
        let settings = self.page.settings();
        let expected = Expected {
            issuer: &settings.issuer,
            client_id: &settings.client_id,
            nonce: &pending.nonce,
            now: None,
        };
        let openid = settings.scopes.iter().any(|scope| scope == "openid");
        if openid && let Err(error) = id_token::check(&claims, &expected) {
            self.ask("forget").await?;
            return Err(error);
        }
        let platform = self.page.platform();
        platform.write(Area::Shared, &self.page.key("worker"), &reply.instance)?;
        Ok(pending.return_to.into())
    }

    /// As [`PublicClient::session`].
    ///
    /// # Errors
    /// Where there is no worker to be had.
    pub async fn session(&self) -> Result<Session, Error> {
        let reply = self.send(json!({ "op": "session" })).await?;
        let restarted = self.restarted(&reply.instance);
        let answer = reply.result?;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let signed_in = answer["signed_in"].as_object().map(|who| SignedIn {
            subject: who.get("subject").map(text).unwrap_or_default(),
            name: who.get("name").map(text).unwrap_or_default(),
            since: who.get("since").and_then(Value::as_u64).unwrap_or_default(),
        });
        let ended = match (&signed_in, restarted) {
            (Some(_), _) => None,
            (None, Some(why)) => Some(why),
            (None, None) => answer["ended"]
                .is_object()
                .then(|| reply::error(&answer["ended"])),
        };
        Ok(Session { signed_in, ended })
    }

    /// What may be shown of the token.
    ///
    /// # Errors
    /// Where nobody is signed in, or the worker has been restarted.
    pub async fn token(&self) -> Result<TokenView, Error> {
        read(self.ask("token").await?)
    }

    /// Refreshes now.
    ///
    /// # Errors
    /// As [`PublicClient::refresh`].
    pub async fn refresh(&self) -> Result<TokenView, Error> {
        read(self.ask("refresh").await?)
    }

    /// Forgets that the access token is fresh.
    ///
    /// # Errors
    /// Where nobody is signed in.
    pub async fn expire(&self) -> Result<TokenView, Error> {
        read(self.ask("expire").await?)
    }

    /// As [`PublicClient::profile`].
    ///
    /// # Errors
    /// As there.
    pub async fn profile(&self) -> Result<Claims, Error> {
        read(self.ask("profile").await?)
    }

    /// As [`PublicClient::validate`].
    ///
    /// # Errors
    /// As there.
    pub async fn validate(&self) -> Result<Validation, Error> {
        read(self.ask("validate").await?)
    }

    /// As [`PublicClient::call`]. The page sends the request without a token;
    /// the worker adds it on the way. Any `fetch` of the page's would do, if
    /// the page lies in the worker's scope; in others the API answers 401.
    ///
    /// # Errors
    /// As there.
    pub async fn call(
        &self,
        url: &str,
        method: &'static str,
        body: Option<String>,
    ) -> Result<Answer, Error> {
        let request = self.page.api_request(url, method, body)?;
        // Makes sure that the worker looks after this page.
        self.ask("report").await?;
        let answer = self
            .page
            .platform()
            .fetch(&request, client::fetch::API_LIMIT)
            .await;
        let response = answer.map_err(|_| client::calls::api_silent())?;
        if let Some(code) = &response.worker_error {
            let refused = json!({ "code": code, "message": "The service worker has no token." });
            let told = serde_json::from_str(&response.body).unwrap_or(refused);
            let instance = self.send(json!({ "op": "report" })).await?.instance;
            return Err(self.explain(reply::error(&told), &instance));
        }
        Ok(Answer::of(response))
    }

    /// As [`PublicClient::sign_out`].
    ///
    /// # Errors
    /// Where there is no worker to be had.
    pub async fn sign_out(&self) -> Result<SignedOut, Error> {
        let answer = self.ask("sign_out").await?;
        let platform = self.page.platform();
        platform.remove(Area::Shared, &self.page.key("worker"));
        let endpoint = answer["end_session_endpoint"].as_str();
        Ok(SignedOut {
            revoked: answer["revoked"] == true,
            end_session_url: endpoint.map(|endpoint| self.page.end_session_url(endpoint)),
        })
    }

    /// As [`PublicClient::report`]; with what the worker did for all its pages.
    pub async fn report(&self) -> Report {
        // A worker that does not answer has nothing to add.
        let _ = self.ask("report").await;
        self.page.report().await
    }

    /// Speaks to the worker for as long as this page lives, so that the browser
    /// does not stop it. Browsers slow the timers of hidden pages down; there
    /// it may be stopped all the same.
    pub fn keep_awake(&self) {
        let client = self.clone();
        self.page.platform().spawn(async move {
            loop {
                client.page.platform().sleep(AWAKE).await;
                let _ = client.send(json!({ "op": "session" })).await;
            }
        });
    }

    async fn ask(&self, operation: &str) -> Result<Value, Error> {
        let reply = self.send(json!({ "op": operation })).await?;
        let instance = reply.instance;
        reply.result.map_err(|error| self.explain(error, &instance))
    }

    /// Sends a message, and takes down what the worker did since the last one.
    async fn send(&self, mut message: Value) -> Result<Reply, Error> {
        let platform = self.page.platform();
        let key = self.page.key("worker-mark");
        let stored = platform.read(Area::Tab, &key).ok().flatten();
        let mark = Mark::read(stored.as_deref().unwrap_or_default());
        message["instance"] = mark.instance.as_str().into();
        message["known"] = mark.known.into();
        let message = message.to_string();
        let answer = platform.ask_service_worker(&self.script, &message).await?;
        let mut reply = Reply::read(&answer)?;
        let news = std::mem::take(&mut reply.news);
        if let Some(last) = news.exchanges.last() {
            let mark = Mark {
                instance: reply.instance.clone(),
                known: last.id,
            };
            // If it cannot be kept, they are told again.
            let _ = platform.write(Area::Tab, &key, &mark.write());
        }
        self.page.note(|journal| journal.take(news));
        Ok(reply)
    }

    /// That nobody is signed in may come from a restart.
    fn explain(&self, error: Error, instance: &str) -> Error {
        match error.kind {
            Kind::NotSignedIn => self.restarted(instance).unwrap_or(error),
            _ => error,
        }
    }

    fn restarted(&self, instance: &str) -> Option<Error> {
        let platform = self.page.platform();
        let key = self.page.key("worker");
        let known = platform.read(Area::Shared, &key).ok().flatten()?;
        (known != instance).then(|| {
            let message = "The browser stopped the service worker, and the tokens were in its \
                           memory only: this sign-in has to be renewed at the provider.";
            Error::new(Kind::WorkerRestarted, message)
        })
    }
}

fn read<T: serde::de::DeserializeOwned>(answer: Value) -> Result<T, Error> {
    reply::read(&answer).ok_or_else(reply::nonsense)
}
