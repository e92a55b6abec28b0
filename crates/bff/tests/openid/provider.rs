//! The provider: it signs for real and checks nothing.

use crate::signer::Signer;
use axum::{
    Form, Json, Router,
    body::Bytes,
    extract::State,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use serde_json::{Value, json};
use std::{
    collections::HashMap,
    future::{IntoFuture, pending},
    sync::{Arc, Mutex, MutexGuard},
    time::{SystemTime, UNIX_EPOCH},
};
use tokio::net::TcpListener;

/// The client of the application.
pub(crate) const CLIENT_ID: &str = "client";
/// Its secret.
pub(crate) const CLIENT_SECRET: &str = "client-secret-of-these-tests";

/// What the provider sends.
pub(crate) struct Script {
    /// Signs ID tokens.
    pub(crate) signer: Arc<Signer>,
    /// Replaces the signature of ID tokens.
    pub(crate) sign: Option<fn(&Value) -> String>,
    /// The body of the key set.
    pub(crate) keys: Vec<u8>,
    /// Members of the metadata; `null` leaves one out.
    pub(crate) metadata: Value,
    /// Claims of ID tokens; `null` leaves one out.
    pub(crate) claims: Value,
    /// Claims of ID tokens that refreshes bring; none is sent without it.
    pub(crate) refreshed: Option<Value>,
    /// Whether a code brings an ID token.
    pub(crate) no_id_token: bool,
    /// Status, media type and body of userinfo.
    pub(crate) userinfo: (u16, &'static str, String),
    /// Whether no request is answered.
    pub(crate) silent: bool,
    /// Requests for metadata, for keys, and at the token endpoint.
    pub(crate) asked: (u32, u32, u32),
}

/// The provider, on a port of its own.
#[derive(Clone)]
pub(crate) struct Provider {
    /// The issuer.
    pub(crate) issuer: String,
    script: Arc<Mutex<Script>>,
}

/// Returns the body of a key set.
pub(crate) fn key_set(signers: &[&Signer]) -> Vec<u8> {
    let keys: Vec<_> = signers.iter().map(|signer| signer.jwk()).collect();
    json!({ "keys": keys }).to_string().into_bytes()
}

/// Returns the time in Unix seconds.
pub(crate) fn now() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH);
    now.unwrap().as_secs()
}

impl Provider {
    /// Starts the provider.
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let signer = Signer::new("ES256", Some("k1"));
        let script = Script {
            keys: key_set(&[&signer]),
            signer: Arc::new(signer),
            sign: None,
            metadata: json!({}),
            claims: json!({}),
            refreshed: None,
            no_id_token: false,
            userinfo: (200, "application/json", json!({ "sub": "ann" }).to_string()),
            silent: false,
            asked: (0, 0, 0),
        };
        let provider = Self {
            issuer,
            script: Arc::new(Mutex::new(script)),
        };
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(metadata))
            // Entra's, for all tenants.
            .route(
                "/common/v2.0/.well-known/openid-configuration",
                get(metadata),
            )
            .route("/keys", get(keys))
            .route("/token", post(token))
            .route("/userinfo", get(userinfo))
            .with_state(provider.clone());
        tokio::spawn(axum::serve(listener, router).into_future());
        provider
    }

    /// Returns the script, to be changed.
    pub(crate) fn script(&self) -> MutexGuard<'_, Script> {
        self.script.lock().unwrap()
    }

    /// Replaces the key that signs.
    pub(crate) fn sign_with(&self, signer: Signer) {
        let mut script = self.script();
        script.keys = key_set(&[&signer]);
        script.signer = Arc::new(signer);
    }

    /// Returns an ID token.
    fn id_token(&self, nonce: Option<&str>, changes: &Value) -> String {
        let claims = json!({
            "iss": self.issuer, "aud": CLIENT_ID, "sub": "ann", "name": "Ann",
            "iat": now(), "exp": now() + 300, "nonce": nonce,
        });
        let claims = merged(claims, changes);
        let script = self.script();
        match script.sign {
            Some(sign) => sign(&claims),
            None => script.signer.sign(&claims),
        }
    }

    async fn answer(&self) {
        let silent = self.script().silent;
        if silent {
            pending::<()>().await;
        }
    }
}

fn merged(mut value: Value, changes: &Value) -> Value {
    let members = value.as_object_mut().unwrap();
    members.extend(changes.as_object().unwrap().clone());
    members.retain(|_, value| !value.is_null());
    value
}

async fn metadata(State(provider): State<Provider>) -> Json<Value> {
    provider.script().asked.0 += 1;
    provider.answer().await;
    let at = |path| format!("{}/{path}", provider.issuer);
    let document = json!({
        "issuer": provider.issuer, "authorization_endpoint": at("authorize"),
        "token_endpoint": at("token"), "userinfo_endpoint": at("userinfo"),
        "jwks_uri": at("keys"), "end_session_endpoint": at("end"),
    });
    let changes = provider.script().metadata.clone();
    Json(merged(document, &changes))
}

async fn keys(State(provider): State<Provider>) -> Bytes {
    provider.script().asked.1 += 1;
    provider.answer().await;
    Bytes::from(provider.script().keys.clone())
}

/// The code is the nonce of the authorization request.
async fn token(
    State(provider): State<Provider>,
    Form(form): Form<HashMap<String, String>>,
) -> Json<Value> {
    provider.script().asked.2 += 1;
    provider.answer().await;
    let mut body = json!({
        "access_token": "at", "token_type": "Bearer", "expires_in": 3600, "refresh_token": "rt",
    });
    if form["grant_type"] == "refresh_token" {
        let refreshed = provider.script().refreshed.clone();
        if let Some(changes) = refreshed {
            body["id_token"] = provider.id_token(None, &changes).into();
        }
        return Json(body);
    }
    let (changes, without) = {
        let script = provider.script();
        (script.claims.clone(), script.no_id_token)
    };
    let nonce = form["code"].as_str();
    if !without {
        let nonce = Some(nonce).filter(|nonce| *nonce != "none");
        body["id_token"] = provider.id_token(nonce, &changes).into();
    }
    Json(body)
}

async fn userinfo(State(provider): State<Provider>) -> Response {
    provider.answer().await;
    let (status, media_type, body) = provider.script().userinfo.clone();
    let status = StatusCode::from_u16(status).unwrap();
    (status, [("content-type", media_type)], body).into_response()
}
