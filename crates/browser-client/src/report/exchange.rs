//! A request and its answer, as the sequence diagram draws them.

use crate::{
    digest::fingerprint,
    http::{Request, Response, TransportError},
};
use confidant_protocol::redaction::Redactor;
use confidant_wire::{Exchange, Parameter, Party};

const REDACTOR: Redactor = Redactor { fingerprint };

/// What is written down of them. `at` is when the request left and `took` how
/// long it was until the answer was complete, both in milliseconds.
pub fn exchange(
    to: Party,
    request: &Request,
    answer: &Result<Response, TransportError>,
    at: u64,
    took: u64,
) -> Exchange {
    let (status, received) = match answer {
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
        bytes: answer.as_ref().ok().map(|answer| answer.body.len() as u64),
    }
}

/// The path of an absolute URL, without query.
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
    // What goes to an API is its own affair.
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
    let challenge = response.www_authenticate.as_deref();
    if let Some(error) = challenge.and_then(challenge_error)
        && !received.iter().any(|known| known.name == "error")
    {
        received.push(REDACTOR.parameter("error", error));
    }
    received
}

/// The error of a challenge (RFC 6750, section 3; RFC 9449, section 7.1).
pub(crate) fn challenge_error(challenge: &str) -> Option<&str> {
    let (_, rest) = challenge.split_once("error=\"")?;
    let (error, _) = rest.split_once('"')?;
    Some(error)
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
    fn an_exchange_tells_what_travelled_and_no_secret() {
        let answer = Ok(Response {
            status: 401,
            body: r#"{"refresh_token":"n-secret"}"#.into(),
            dpop_nonce: Some("d-secret".into()),
            www_authenticate: Some("DPoP error=\"use_dpop_nonce\", algs=\"ES256\"".into()),
            ..Response::default()
        });
        let it = exchange(Party::Provider, &request(), &answer, 5, 7);
        assert!(it.is_token_request());
        assert_eq!((it.path.as_str(), it.status), ("/token", Some(401)));
        let written = format!("{it:?}");
        assert!(!written.contains("-secret"), "{written}");
        assert!(written.contains("use_dpop_nonce"));
    }

    #[test]
    fn no_answer_is_drawn_as_none() {
        let it = exchange(Party::Api, &request(), &Err(TransportError::Failed), 5, 7);
        assert_eq!(it.status, None);
        // A body for an API is not read.
        assert!(!it.sent.iter().any(|sent| sent.name == "grant_type"));
    }

    #[test]
    fn the_path_is_without_origin_and_query() {
        assert_eq!(path("https://a.example"), "/");
        assert_eq!(path("https://a.example/b/c?d#e"), "/b/c");
    }
}
