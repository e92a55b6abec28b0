//! A provider with strict rotation: a refresh token that comes twice ends
//! everything.

use crate::{
    Request, Response, TransportError, digest::base64url, sign_in::id_token::tests::token,
};
use serde_json::{Value, json};
use std::collections::{HashMap, VecDeque};

/// What goes wrong with the next token request.
#[derive(Clone, Copy, Debug)]
pub(super) enum Fault {
    /// It is processed, and the answer is lost.
    Lost,
    /// It is not processed.
    Status(u16),
    /// A proof with the server's nonce is wanted.
    Nonce,
}

#[derive(Default)]
pub(super) struct Provider {
    pub(super) faults: VecDeque<Fault>,
    /// Whether answers never come.
    pub(super) hangs: bool,
    /// Whether a refresh token stays the same.
    pub(super) reusable: bool,
    /// Whether there is none.
    pub(super) sparing: bool,
    /// Refresh requests that were processed.
    pub(super) refreshes: u64,
    /// Token requests, whatever came of them.
    pub(super) requests: u64,
    /// Refresh tokens that came twice.
    pub(super) replays: u64,
    /// Requests to the API.
    pub(super) calls: u64,
    /// Access tokens below this number are refused by the API.
    pub(super) refused_below: u64,
    /// Proofs that came, as claims.
    pub(super) proofs: Vec<Value>,
    pub(super) nonce: String,
    revoked: bool,
    serial: u64,
}

impl Provider {
    pub(super) fn revoke(&mut self) {
        self.revoked = true;
    }

    pub(super) fn answer(&mut self, request: &Request) -> Result<Response, TransportError> {
        let header = |name: &str| request.headers.iter().find(|(known, _)| *known == name);
        if let Some((_, proof)) = header("dpop") {
            let claims = proof.split('.').nth(1).unwrap();
            let claims = crate::digest::from_base64url(claims).unwrap();
            self.proofs.push(serde_json::from_slice(&claims).unwrap());
        }
        let path = request.url.strip_prefix("http://localhost:1").unwrap();
        match path {
            "/.well-known/openid-configuration" => Ok(answer(200, metadata())),
            "/token" => self.token(request.body.as_deref().unwrap()),
            "/revoke" => {
                self.revoked = true;
                Ok(answer(200, Value::Null))
            }
            "/api/me" | "/userinfo" => {
                self.calls += 1;
                let (_, credentials) = header("authorization").unwrap();
                let number: u64 = credentials.rsplit('-').next().unwrap().parse().unwrap();
                let good = number >= self.refused_below && !self.revoked;
                Ok(answer(if good { 200 } else { 401 }, json!({ "sub": "1" })))
            }
            other => panic!("{other}"),
        }
    }

    fn token(&mut self, form: &str) -> Result<Response, TransportError> {
        self.requests += 1;
        let fault = self.faults.pop_front();
        match fault {
            Some(Fault::Status(status)) => return Ok(answer(status, Value::Null)),
            Some(Fault::Nonce) => {
                return Ok(Response {
                    dpop_nonce: Some(self.nonce.clone()),
                    ..answer(400, json!({ "error": "use_dpop_nonce" }))
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
                let claims = json!({
                    "iss": "http://localhost:1", "aud": "spa", "sub": "1", "exp": 1,
                    "nonce": fields["code"],
                });
                let mut body = self.tokens();
                body["id_token"] = token(&claims).into();
                Some(body)
            }
        };
        match (fault, body) {
            (Some(_), _) => Err(TransportError::Failed),
            (None, Some(body)) => Ok(answer(200, body)),
            (None, None) => Ok(answer(400, json!({ "error": "invalid_grant" }))),
        }
    }

    fn refresh(&mut self, token: &str) -> Option<Value> {
        self.refreshes += 1;
        if !self.reusable && token != format!("rt-{}", self.serial) {
            self.replays += 1;
            self.revoked = true;
        }
        (!self.revoked).then(|| self.tokens())
    }

    fn tokens(&mut self) -> Value {
        self.serial += 1;
        let serial = match self.reusable {
            true => 0,
            false => self.serial,
        };
        let refresh_token = (!self.sparing).then(|| format!("rt-{serial}"));
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

fn answer(status: u16, body: Value) -> Response {
    Response {
        status,
        body: body.to_string(),
        ..Response::default()
    }
}

/// The nonce in an authorization request: this provider's codes are those.
pub(super) fn code(url: &str) -> (String, String) {
    let fields: HashMap<_, _> = form_urlencoded::parse(url.split_once('?').unwrap().1.as_bytes())
        .into_owned()
        .collect();
    assert_eq!(fields["code_challenge"].len(), base64url([0; 32]).len());
    (fields["nonce"].clone(), fields["state"].clone())
}
