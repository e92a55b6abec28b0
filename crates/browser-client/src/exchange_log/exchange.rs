//! One request and its response, as the exchange log shows them.

use crate::{
    digest::fingerprint,
    http::{Request, Response, TransportError},
};
use confidant_protocol::redaction::Redactor;
use confidant_wire::{Exchange, Parameter, Party};

const REDACTOR: Redactor = Redactor { fingerprint };

/// Records a request and its result, without secrets. `at` is when the request
/// was sent and `took` how long the response took, both in milliseconds.
pub(crate) fn exchange(
    to: Party,
    request: &Request,
    result: &Result<Response, TransportError>,
    at: u64,
    took: u64,
) -> Exchange {
    let (status, received) = match result {
        Ok(response) => (Some(response.status), received(response)),
        Err(TransportError::CutShort(status)) => (Some(*status), Vec::new()),
        Err(TransportError::Failed | TransportError::TimedOut) => (None, Vec::new()),
    };
    Exchange {
        id: 0,
        from: Party::Browser,
        to,
        at,
        took,
        method: request.method.to_owned(),
        path: path(&request.url).to_owned(),
        sent: sent(request, to),
        status,
        received,
        bytes: result
            .as_ref()
            .ok()
            .map(|response| response.body.len() as u64),
    }
}

/// Returns the path of an absolute URL, without query.
fn path(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = rest.find('/').map_or("/", |at| &rest[at..]);
    path.split(['?', '#']).next().unwrap_or(path)
}

fn sent(request: &Request, to: Party) -> Vec<Parameter> {
    let mut sent = Vec::new();
    for (name, text) in &request.headers {
        match *name {
            "authorization" => sent.push(REDACTOR.credentials(text)),
            "dpop" => sent.push(REDACTOR.parameter("dpop", text)),
            _ => {}
        }
    }
    if let Some((_, query)) = request.url.split_once('?') {
        sent.extend(REDACTOR.form(query.as_bytes()));
    }
    // The contents of a request to an API are not recorded.
    if let (Some(form), Party::Provider) = (&request.body, to) {
        sent.extend(REDACTOR.form(form.as_bytes()));
    }
    sent
}

fn received(response: &Response) -> Vec<Parameter> {
    let mut received = REDACTOR.json(response.body.as_bytes());
    if let Some(nonce) = &response.dpop_nonce {
        received.push(REDACTOR.parameter("dpop-nonce", nonce));
    }
    if let Some(error) = response.challenge_error()
        && !received.iter().any(|known| known.name == "error")
    {
        received.push(REDACTOR.parameter("error", error));
    }
    received
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request() -> Request {
        Request {
            method: "POST",
            url: "http://op.test:4000/token?x=q-secret".into(),
            headers: vec![
                ("authorization", "DPoP a-secret".into()),
                ("dpop", "p-secret".into()),
                ("accept", "application/json".into()),
            ],
            body: Some("grant_type=refresh_token&refresh_token=r-secret".into()),
            cached: false,
        }
    }

    #[test]
    fn an_exchange_shows_parameters_and_no_secret() {
        let response = Ok(Response {
            status: 401,
            body: r#"{"refresh_token":"n-secret"}"#.into(),
            dpop_nonce: Some("d-secret".into()),
            www_authenticate: Some("DPoP error=\"use_dpop_nonce\", algs=\"ES256\"".into()),
            ..Response::default()
        });
        let exchange = exchange(Party::Provider, &request(), &response, 5, 7);
        assert!(exchange.is_token_request());
        assert_eq!(
            (exchange.path.as_str(), exchange.status),
            ("/token", Some(401))
        );
        let shown = format!("{exchange:?}");
        assert!(!shown.contains("-secret"), "{shown}");
        assert!(shown.contains("use_dpop_nonce"));
    }

    #[test]
    fn a_missing_response_has_no_status() {
        let exchange = exchange(Party::Api, &request(), &Err(TransportError::Failed), 5, 7);
        assert_eq!(exchange.status, None);
        // A body for an API is not recorded.
        assert!(!exchange.sent.iter().any(|sent| sent.name == "grant_type"));
    }

    #[test]
    fn the_path_is_without_origin_and_query() {
        assert_eq!(path("https://a.example"), "/");
        assert_eq!(path("https://a.example/b/c?d#e"), "/b/c");
    }
}
