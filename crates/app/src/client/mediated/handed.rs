//! The access token in the page's memory, and the calls made with it. Nothing
//! of it is stored: a reload asks the server again.

use crate::{
    browser,
    client::{Held, Reply},
    endpoint::{self, Failure},
    json,
};
use browser_client::{Browser, Platform, Request, Response, fingerprint};
use send_wrapper::SendWrapper;
use std::{
    cell::{Cell, RefCell},
    future::Future,
};
use wire::*;

/// How long an answer may take, in milliseconds.
const LIMIT: u32 = 10_000;

thread_local! {
    static TOKEN: RefCell<Option<HandedOutAccessToken>> = const { RefCell::new(None) };
    /// The one before it.
    static BEFORE: RefCell<Option<HandedOutAccessToken>> = const { RefCell::new(None) };
    /// Whether it was said to have run out.
    static EXPIRED: Cell<bool> = const { Cell::new(false) };
    static CALLS: RefCell<Vec<Exchange>> = const { RefCell::new(Vec::new()) };
}

/// Forgets the token: the next call asks the server for one.
pub(super) fn forget() {
    replace(None);
}

/// Forgets it because it has run out, by force.
pub(super) fn expire() {
    forget();
    EXPIRED.set(true);
}

fn replace(new: Option<HandedOutAccessToken>) {
    if let Some(old) = TOKEN.replace(new) {
        BEFORE.set(Some(old));
    }
}

fn reply<T: 'static>(call: impl Future<Output = Result<T, Problem>> + 'static) -> Reply<T> {
    Box::pin(SendWrapper::new(call))
}

/// The token in hand, if it has not run out by the server's clock as the
/// page can tell it; else a new one from the server.
async fn token() -> Result<HandedOutAccessToken, Problem> {
    let fresh = |it: &HandedOutAccessToken| it.expires_at.is_none_or(|end| end > server_now(it));
    if let Some(token) = TOKEN.with_borrow(Clone::clone).filter(fresh) {
        return Ok(token);
    }
    let arrived = browser::now();
    let mut token = endpoint::hand_out_token(None)
        .await
        .map_err(|Failure(problem)| problem)?;
    // Kept as the difference of the two clocks, whichever is wrong.
    let ahead = token.now.wrapping_sub(arrived);
    token.now = ahead;
    replace(Some(token.clone()));
    Ok(token)
}

/// The server's clock. `now` of a token in hand is how far that is ahead.
fn server_now(token: &HandedOutAccessToken) -> UnixMillis {
    browser::now().wrapping_add(token.now)
}

/// The provider's userinfo, asked by the page itself.
pub(super) fn profile() -> Reply<Claims> {
    reply(async {
        let providers = endpoint::list_providers()
            .await
            .map_err(|Failure(problem)| problem)?;
        let session = endpoint::view_session()
            .await
            .map_err(|Failure(problem)| problem)?;
        let id = session.session.map(|session| session.provider);
        let provider = providers.into_iter().find(|it| Some(&it.id) == id.as_ref());
        let url = provider
            .and_then(|it| it.userinfo_endpoint)
            .ok_or_else(|| {
                Problem::new(Code::NotOffered, "This provider has no userinfo endpoint.")
            })?;
        let token = token().await?;
        let answer = call(&url, &token).await?;
        json::read(&answer.body).map_err(|_| {
            Problem::new(
                Code::ProviderMisbehaved,
                "The provider’s answer makes no sense.",
            )
        })
    })
}

async fn call(url: &str, token: &HandedOutAccessToken) -> Result<Response, Problem> {
    let at = server_now(token);
    let began = browser::now();
    let request = Request {
        method: "GET",
        url: url.to_owned(),
        headers: vec![("authorization", format!("Bearer {}", token.access_token))],
        body: None,
        cached: false,
    };
    let answer = Browser.fetch(&request, LIMIT).await;
    let exchange = Exchange {
        id: 0,
        from: Party::Browser,
        to: Party::Provider,
        at,
        took: browser::now().saturating_sub(began),
        method: "GET".to_owned(),
        path: path_of(url).to_owned(),
        sent: vec![Parameter {
            name: "authorization".to_owned(),
            value: Value::Token(fingerprint(TokenKind::Access, &token.access_token)),
        }],
        status: answer.as_ref().ok().map(|answer| answer.status),
        received: Vec::new(),
        bytes: answer.as_ref().ok().map(|answer| answer.body.len() as u64),
    };
    CALLS.with_borrow_mut(|calls| calls.push(exchange));
    match answer {
        Ok(answer) if answer.status == 200 => Ok(answer),
        Ok(answer) if answer.status == 401 => {
            forget();
            Err(Problem::new(
                Code::ProviderMisbehaved,
                "The provider refused the token that the server handed out. \
                 The next call fetches another.",
            ))
        }
        Ok(_) => Err(Problem::new(
            Code::ProviderMisbehaved,
            "The provider answered with an error.",
        )),
        Err(_) => Err(Problem::new(
            Code::ProviderUnavailable,
            "The provider gave this page no answer: it cannot be reached, or does not let pages \
             of this site read its answers (CORS). Browsers do not say which.",
        )),
    }
}

fn path_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    rest.find('/').map_or("/", |at| &rest[at..])
}

/// The token view: the page's own access token, the server's refresh token.
pub(super) fn view() -> Reply<TokenView> {
    reply(async {
        let kept = endpoint::view_token()
            .await
            .map_err(|Failure(problem)| problem)?;
        let Some(token) = TOKEN.with_borrow(Clone::clone) else {
            // None was fetched yet, or the last was forgotten.
            return Ok(kept);
        };
        Ok(seen(&token, kept))
    })
}

/// A token that was handed out, and the rest as the server keeps it.
fn seen(token: &HandedOutAccessToken, kept: TokenView) -> TokenView {
    TokenView {
        access_token: fingerprint(TokenKind::Access, &token.access_token),
        token_type: token.token_type.clone(),
        scopes: token.scopes.clone(),
        obtained_at: token.obtained_at,
        expires_at: token.expires_at,
        expired: false,
        ..kept
    }
}

/// A change as the page sees it: of the tokens that it was handed. The first
/// of them changed nothing, though it took the server a refresh to narrow it.
fn own(change: Change) -> Option<Change> {
    let Some(after) = TOKEN.with_borrow(Clone::clone) else {
        // A refresh by hand, and none was handed out since.
        return Some(change);
    };
    let before = match BEFORE.with_borrow(Clone::clone) {
        Some(before) => seen(&before, change.before),
        None if EXPIRED.get() => change.before,
        None => return None,
    };
    Some(Change {
        before,
        after: seen(&after, change.after),
        ..change
    })
}

/// The token itself, since the page has it.
pub(super) fn held() -> Reply<Held> {
    let access_token = TOKEN.with_borrow(|token| Some(token.as_ref()?.access_token.clone()));
    reply(async {
        Ok(Held {
            access_token,
            refresh_token: None,
        })
    })
}

/// What the server sent and what the page sent, in order.
pub(super) fn report() -> Reply<Report> {
    reply(async {
        let mut report = endpoint::read_log()
            .await
            .map_err(|Failure(problem)| problem)?;
        report.change = report.change.and_then(own);
        let own = CALLS.with_borrow(Clone::clone);
        let mut next = report.exchanges.iter().map(|it| it.id).max().unwrap_or(0);
        for mut exchange in own {
            next += 1;
            exchange.id = next;
            report.exchanges.push(exchange);
        }
        report.exchanges.sort_by_key(|exchange| exchange.at);
        Ok(report)
    })
}
