//! A provider with strict rotation: a refresh token that it sees twice revokes
//! the grant.

use crate::{
    Request, Response, TransportError, digest::base64url,
    sign_in::id_token::tests::token as id_token,
};
use confidant_protocol::cases::profiles::Answer;
use serde_json::{Value, json};
use std::collections::{HashMap, VecDeque};

/// A fault of the next token request.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Fault {
    /// The provider processes it, and the response is lost.
    Lost,
    /// The provider does not process it.
    Status(u16),
    /// The provider asks for a proof with its nonce.
    Nonce,
}

/// The model.
#[derive(Default)]
pub(crate) struct ProviderModel {
    pub(crate) faults: VecDeque<Fault>,
    /// Whether responses never come.
    pub(crate) hangs: bool,
    /// Whether a refresh token stays the same.
    pub(crate) reusable: bool,
    /// Whether it issues no refresh token.
    pub(crate) no_refresh_token: bool,
    /// The subject of the next sign-in; `1` if it is empty.
    pub(crate) subject: String,
    /// The subject of the ID tokens that refreshes bring; none without it.
    pub(crate) refreshed_subject: Option<String>,
    /// Refresh requests that it processed.
    pub(crate) refreshes: u64,
    /// All token requests.
    pub(crate) requests: u64,
    /// Refresh tokens that it saw twice.
    pub(crate) replays: u64,
    /// Requests with an access token.
    pub(crate) calls: u64,
    /// The API refuses access tokens below this number.
    pub(crate) refused_below: u64,
    /// The claims of the proofs that it saw.
    pub(crate) proofs: Vec<Value>,
    pub(crate) nonce: String,
    pub(crate) revoked: bool,
    /// What it answers token requests with, instead of what it would.
    pub(crate) answer: Option<Answer>,
    /// The forms that it was sent, to any endpoint.
    pub(crate) forms: Vec<HashMap<String, String>>,
    serial: u64,
}

impl ProviderModel {
    pub(crate) fn revoke(&mut self) {
        self.revoked = true;
    }

    pub(crate) fn respond(&mut self, request: &Request) -> Result<Response, TransportError> {
        let header = |name: &str| request.headers.iter().find(|(known, _)| *known == name);
        if let Some((_, proof)) = header("dpop") {
            let claims = proof.split('.').nth(1).unwrap();
            let claims = crate::digest::from_base64url(claims).unwrap();
            self.proofs.push(serde_json::from_slice(&claims).unwrap());
        }
        if let Some(body) = &request.body {
            let form = form_urlencoded::parse(body.as_bytes());
            self.forms.push(form.into_owned().collect());
        }
        let path = request.url.strip_prefix("http://localhost:1").unwrap();
        match path {
            "/.well-known/openid-configuration" => Ok(respond_with(200, metadata())),
            "/token" => self.token(request.body.as_deref().unwrap()),
            "/revoke" => {
                self.revoked = true;
                Ok(respond_with(200, Value::Null))
            }
            "/api/me" | "/userinfo" => {
                self.calls += 1;
                let (_, credentials) = header("authorization").unwrap();
                let number: u64 = credentials.rsplit('-').next().unwrap().parse().unwrap();
                let accepted = number >= self.refused_below && !self.revoked;
                Ok(respond_with(
                    if accepted { 200 } else { 401 },
                    json!({ "sub": "1" }),
                ))
            }
            other => panic!("{other}"),
        }
    }

    fn token(&mut self, form: &str) -> Result<Response, TransportError> {
        self.requests += 1;
        if let Some(answer) = self.answer {
            return Ok(Response {
                status: answer.status,
                content_type: answer.content_type.into(),
                body: answer.body.into(),
                ..Response::default()
            });
        }
        let fault = self.faults.pop_front();
        match fault {
            Some(Fault::Status(status)) => return Ok(respond_with(status, Value::Null)),
            Some(Fault::Nonce) => {
                return Ok(Response {
                    dpop_nonce: Some(self.nonce.clone()),
                    ..respond_with(400, json!({ "error": "use_dpop_nonce" }))
                });
            }
            Some(Fault::Lost) | None => {}
        }
        let fields: HashMap<_, _> = form_urlencoded::parse(form.as_bytes())
            .into_owned()
            .collect();
        let body = match fields["grant_type"].as_str() {
            "refresh_token" => self.refresh(&fields["refresh_token"]),
            _ => {
                self.revoked = false;
                let subject = if self.subject.is_empty() {
                    "1"
                } else {
                    &self.subject
                };
                let claims = json!({
                    "iss": "http://localhost:1", "aud": "spa", "sub": subject, "exp": 1,
                    "nonce": fields["code"],
                });
                let mut body = self.tokens();
                body["id_token"] = id_token(&claims).into();
                Some(body)
            }
        };
        match (fault, body) {
            (Some(_), _) => Err(TransportError::Failed),
            (None, Some(body)) => Ok(respond_with(200, body)),
            (None, None) => Ok(respond_with(400, json!({ "error": "invalid_grant" }))),
        }
    }

    fn refresh(&mut self, token: &str) -> Option<Value> {
        self.refreshes += 1;
        if !self.reusable && token != format!("rt-{}", self.serial) {
            self.replays += 1;
            self.revoked = true;
        }
        let mut tokens = (!self.revoked).then(|| self.tokens())?;
        if let Some(subject) = &self.refreshed_subject {
            tokens["id_token"] = id_token(&json!({ "sub": subject })).into();
        }
        Some(tokens)
    }

    fn tokens(&mut self) -> Value {
        self.serial += 1;
        let serial = if self.reusable { 0 } else { self.serial };
        let refresh_token = (!self.no_refresh_token).then(|| format!("rt-{serial}"));
        json!({
            "access_token": format!("at-{}", self.serial), "refresh_token": refresh_token,
            "token_type": if self.nonce.is_empty() { "Bearer" } else { "DPoP" },
            "expires_in": 60,
        })
    }
}

fn metadata() -> Value {
    let at = |path| format!("http://localhost:1/{path}");
    json!({
        "issuer": "http://localhost:1", "authorization_endpoint": at("authorize"),
        "token_endpoint": at("token"), "userinfo_endpoint": at("userinfo"),
        "revocation_endpoint": at("revoke"), "end_session_endpoint": at("end"),
    })
}

fn respond_with(status: u16, body: Value) -> Response {
    Response {
        status,
        body: body.to_string(),
        ..Response::default()
    }
}

/// Returns the code and the state for an authorization request. The code is the
/// nonce.
pub(crate) fn code(url: &str) -> (String, String) {
    let fields: HashMap<_, _> = form_urlencoded::parse(url.split_once('?').unwrap().1.as_bytes())
        .into_owned()
        .collect();
    assert_eq!(fields["code_challenge"].len(), base64url([0; 32]).len());
    (fields["nonce"].clone(), fields["state"].clone())
}
