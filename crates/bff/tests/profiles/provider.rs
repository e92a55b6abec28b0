//! A provider that answers what a test tells it to, and records what it is
//! asked.

use axum::{
    Router,
    body::{Bytes, to_bytes},
    extract::{Request, State},
    http::{HeaderMap, Method, Response, StatusCode, header::CONTENT_TYPE},
};
use confidant_protocol::cases::profiles::Answer;
use std::{
    collections::HashMap,
    net::Ipv4Addr,
    sync::{Arc, Mutex, MutexGuard},
};
use tokio::{net::TcpListener, task::JoinHandle};

const LONGEST_BODY: usize = 64 * 1024;

/// A request that the provider got.
#[derive(Clone, Debug)]
pub(crate) struct Recorded {
    pub(crate) method: Method,
    pub(crate) path: String,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Recorded {
    /// Returns the fields of a form.
    pub(crate) fn form(&self) -> HashMap<String, String> {
        url::form_urlencoded::parse(self.body.as_bytes())
            .into_owned()
            .collect()
    }

    /// Returns a header, or an empty text.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map(|value| value.to_str().unwrap())
            .unwrap_or_default()
    }
}

/// What the provider answers from now on, and what it was asked.
#[derive(Debug)]
pub(crate) struct Script {
    pub(crate) token: Answer,
    pub(crate) userinfo: Answer,
    pub(crate) metadata: String,
    pub(crate) requests: Vec<Recorded>,
}

/// The running provider.
pub(crate) struct ScriptedProvider {
    pub(crate) url: String,
    script: Arc<Mutex<Script>>,
    server: JoinHandle<()>,
}

impl ScriptedProvider {
    pub(crate) async fn start(script: Script) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let script = Arc::new(Mutex::new(script));
        let router = Router::new().fallback(respond).with_state(script.clone());
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self {
            url,
            script,
            server,
        }
    }

    pub(crate) fn script(&self) -> MutexGuard<'_, Script> {
        self.script.lock().unwrap()
    }

    /// Returns the requests to this path since it was last asked about.
    pub(crate) fn take_requests(&self, path: &str) -> Vec<Recorded> {
        let mut script = self.script();
        let (taken, others) = std::mem::take(&mut script.requests)
            .into_iter()
            .partition(|request| request.path.starts_with(path));
        script.requests = others;
        taken
    }
}

impl Drop for ScriptedProvider {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn respond(
    State(script): State<Arc<Mutex<Script>>>,
    request: Request,
) -> Response<axum::body::Body> {
    let (head, body) = request.into_parts();
    let body: Bytes = to_bytes(body, LONGEST_BODY).await.unwrap();
    let path = head.uri.path().to_owned();
    let mut script = script.lock().unwrap();
    let json = |status, body: &str| (status, "application/json", body.to_owned());
    let (status, content_type, answer) = match path.as_str() {
        "/.well-known/openid-configuration" => json(200, &script.metadata),
        "/keys" => json(200, r#"{"keys":[]}"#),
        "/token" => text(script.token),
        "/userinfo" => text(script.userinfo),
        _ => json(200, r#"{"active":true}"#),
    };
    script.requests.push(Recorded {
        method: head.method,
        path,
        headers: head.headers,
        body: String::from_utf8(body.to_vec()).unwrap(),
    });
    let mut response = Response::new(answer.into());
    *response.status_mut() = StatusCode::from_u16(status).unwrap();
    let content_type = content_type.parse().unwrap();
    response.headers_mut().insert(CONTENT_TYPE, content_type);
    response
}

fn text(answer: Answer) -> (u16, &'static str, String) {
    (answer.status, answer.content_type, answer.body.to_owned())
}
