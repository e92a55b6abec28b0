//! The application, with one browser.

use crate::provider::{CLIENT_ID, CLIENT_SECRET, Provider};
use axum::{
    Router,
    body::{Body, to_bytes},
    http::{HeaderMap, Request, Response, header},
};
use confidant_bff::{Bff, Provider as Settings, Secret};
use serde_json::Value;
use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};
use tempfile::TempDir;
use tower::ServiceExt as _;
use url::Url;

/// Where browsers reach the application.
pub(crate) const PUBLIC_URL: &str = "https://app.example";

/// An application, and a browser with its cookies.
#[derive(Clone)]
pub(crate) struct Application {
    router: Router,
    cookies: Arc<Mutex<BTreeMap<String, String>>>,
    _folder: Arc<TempDir>,
}

/// A response that was read.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: u16,
    pub(crate) headers: HeaderMap,
    pub(crate) text: String,
}

impl Reply {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    /// Returns the status and the error code.
    pub(crate) fn problem(&self) -> (u16, String) {
        let code = self.json()["code"].as_str().unwrap_or_default().to_owned();
        (self.status, code)
    }

    pub(crate) fn location(&self) -> &str {
        self.headers[header::LOCATION].to_str().unwrap()
    }
}

/// Returns settings for this provider.
pub(crate) fn settings(provider: &Provider) -> Settings {
    Settings::discover("p", &provider.issuer).client(CLIENT_ID, Secret::new(CLIENT_SECRET))
}

impl Application {
    /// Starts an application that knows this provider.
    pub(crate) async fn start(provider: &Provider) -> Self {
        Self::with([settings(provider)]).await
    }

    /// Starts an application with these providers.
    pub(crate) async fn with(providers: impl IntoIterator<Item = Settings>) -> Self {
        Self::at(PUBLIC_URL, providers).await
    }

    /// Starts an application at this address.
    pub(crate) async fn at(
        public_url: &str,
        providers: impl IntoIterator<Item = Settings>,
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let store = format!("sqlite:{}", folder.path().join("sessions.db").display());
        let builder = Bff::builder(public_url)
            .store(&store)
            .create_key_file(folder.path().join("keys"));
        let add = |builder: confidant_bff::BffBuilder, provider| builder.provider(provider);
        let bff = providers.into_iter().fold(builder, add).build().await;
        Self {
            router: bff.unwrap().routes(),
            cookies: Arc::default(),
            _folder: Arc::new(folder),
        }
    }

    /// Returns the same application with another browser.
    pub(crate) fn other_browser(&self) -> Self {
        Self {
            cookies: Arc::default(),
            ..self.clone()
        }
    }

    /// Sends a request with the browser's cookies, and keeps those of the answer.
    pub(crate) async fn send(&self, mut request: Request<String>) -> Reply {
        let cookies: Vec<_> = self.cookies.lock().unwrap().clone().into_iter().collect();
        let cookies: Vec<_> = cookies.iter().map(|(n, v)| format!("{n}={v}")).collect();
        if !cookies.is_empty() {
            let value = cookies.join("; ").parse().unwrap();
            request.headers_mut().insert(header::COOKIE, value);
        }
        let response = self.router.clone().oneshot(request.map(Body::from)).await;
        self.read(response.unwrap()).await
    }

    async fn read(&self, response: Response<Body>) -> Reply {
        let (parts, body) = response.into_parts();
        for cookie in parts.headers.get_all(header::SET_COOKIE) {
            let pair = cookie.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            let mut cookies = self.cookies.lock().unwrap();
            cookies.insert(name.to_owned(), value.to_owned());
        }
        let bytes = to_bytes(body, 1_000_000).await.unwrap();
        Reply {
            status: parts.status.as_u16(),
            headers: parts.headers,
            text: String::from_utf8(bytes.to_vec()).unwrap(),
        }
    }

    /// Sends a script's GET.
    pub(crate) async fn get(&self, path: &str) -> Reply {
        let request = Request::get(path).header("x-csrf", "1");
        self.send(request.body(String::new()).unwrap()).await
    }

    /// Sends a script's POST.
    pub(crate) async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let request = Request::post(path).header("x-csrf", "1");
        self.send(request.body(form(fields)).unwrap()).await
    }

    /// Sends a form as a page without scripts does.
    pub(crate) async fn submit(&self, path: &str, fields: &[(&str, &str)]) -> Reply {
        let request = Request::post(path)
            .header("sec-fetch-mode", "navigate")
            .header("sec-fetch-site", "same-origin")
            .header("content-type", "application/x-www-form-urlencoded");
        self.send(request.body(form(fields)).unwrap()).await
    }

    /// Starts a sign-in, and returns the parameters of the authorization request.
    pub(crate) async fn begin(&self, fields: &[(&str, &str)]) -> BTreeMap<String, String> {
        let reply = self.post("/auth/login/start", fields).await;
        assert_eq!(reply.status, 200, "{}", reply.text);
        let url = reply.json()["authorization_url"]
            .as_str()
            .unwrap()
            .to_owned();
        let url = Url::parse(&url).unwrap();
        url.query_pairs().into_owned().collect()
    }

    /// Signs in, and returns the answer to the last request.
    pub(crate) async fn sign_in(&self) -> Reply {
        let sent = self.begin(&[("provider", "p")]).await;
        let code = sent.get("nonce").map_or("none", String::as_str);
        let fields = [("code", code), ("state", &sent["state"])];
        self.post("/auth/login/finish", &fields).await
    }

    /// Returns the name of the signed-in user, if there is one.
    pub(crate) async fn user(&self) -> Option<String> {
        let session = self.get("/auth/session").await.json();
        let is_signed_in = session["signed_in"] == true;
        is_signed_in.then(|| session["name"].as_str().unwrap().to_owned())
    }
}

/// Returns fields as the body of a form.
pub(crate) fn form(fields: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new())
        .extend_pairs(fields)
        .finish()
}
