//! The access token in the page's memory, and the calls made with it. Nothing
//! of it is stored: after a reload the page asks the server again.

use crate::{
    api::{self, Failure},
    browser,
    clients::providers,
    page_data::{Change, Claims, PageData, Token, as_text},
};
use confidant_browser::{Browser, Error, Platform, Request, Response, exchange, fingerprint};
use confidant_wire::{Code, Exchange, HandedOutAccessToken, Party, Problem, TokenKind, UnixMillis};
use leptos::serde_json;
use std::cell::RefCell;

/// How long an answer may take, in milliseconds.
const LIMIT: u32 = 10_000;

/// What the page has in its memory.
#[derive(Default)]
struct Cache {
    token: Option<CachedToken>,
    /// The token before it.
    before: Option<CachedToken>,
    /// Whether that token was forced to expire.
    expired: bool,
    /// The requests that the page itself sent.
    calls: Vec<Exchange>,
}

/// A token, and how far the server's clock is ahead of the browser's; either
/// of them may be wrong.
#[derive(Clone)]
struct CachedToken {
    token: HandedOutAccessToken,
    ahead: UnixMillis,
}

thread_local! {
    static CACHE: RefCell<Cache> = RefCell::default();
}

impl CachedToken {
    /// Returns the server's current time.
    fn now(&self) -> UnixMillis {
        browser::now().wrapping_add(self.ahead)
    }

    fn is_fresh(&self) -> bool {
        self.token.expires_at.is_none_or(|end| end > self.now())
    }

    /// Returns the token view: this token, and the rest as the server has it.
    fn view(&self, server: Token) -> Token {
        Token {
            access: fingerprint(TokenKind::Access, &self.token.access_token),
            token_type: self.token.token_type.clone(),
            scopes: self.token.scopes.clone(),
            obtained_at: self.token.obtained_at,
            expires_at: self.token.expires_at,
            expired: false,
            ..server
        }
    }
}

impl Cache {
    fn replace(&mut self, new: Option<CachedToken>) {
        if let Some(old) = std::mem::replace(&mut self.token, new) {
            self.before = Some(old);
        }
    }
}

/// Forgets the token: the next call asks the server for one.
pub(super) fn forget() {
    CACHE.with_borrow_mut(|cache| cache.replace(None));
}

/// Forgets the token because it was forced to expire.
pub(super) fn expire() {
    forget();
    CACHE.with_borrow_mut(|cache| cache.expired = true);
}

fn cached() -> Option<CachedToken> {
    CACHE.with_borrow(|cache| cache.token.clone())
}

/// Returns the cached token, or a new one from the server if it has expired.
async fn token() -> Result<CachedToken, Problem> {
    if let Some(token) = cached().filter(CachedToken::is_fresh) {
        return Ok(token);
    }
    let arrived = browser::now();
    let token: HandedOutAccessToken = api::post("/auth/mediated/token", String::new())
        .await
        .map_err(|Failure(problem)| problem)?;
    let ahead = token.now.wrapping_sub(arrived);
    let token = CachedToken { token, ahead };
    CACHE.with_borrow_mut(|cache| cache.replace(Some(token.clone())));
    Ok(token)
}

/// Calls the provider's userinfo endpoint from the page itself.
pub(super) async fn profile() -> Result<Claims, Problem> {
    let userinfo = |mut provider: confidant_wire::ProviderView| provider.userinfo_endpoint.take();
    let url = providers()
        .into_iter()
        .find_map(userinfo)
        .ok_or_else(|| Problem::new(Code::NotOffered, "This provider has no userinfo endpoint."))?;
    let token = token().await?;
    let answer = call(&url, &token, token.now()).await?;
    serde_json::from_str(&answer.body)
        .map(as_text)
        .map_err(|_| {
            Problem::new(
                Code::ProviderMisbehaved,
                "The provider’s answer makes no sense.",
            )
        })
}

async fn call(
    url: &str,
    CachedToken { token, .. }: &CachedToken,
    at: UnixMillis,
) -> Result<Response, Problem> {
    let request = Request {
        method: "GET",
        url: url.to_owned(),
        headers: vec![("authorization", format!("Bearer {}", token.access_token))],
        body: None,
        cached: false,
    };
    let began = browser::now();
    let answer = Browser.fetch(&request, LIMIT).await;
    let took = browser::now().saturating_sub(began);
    let sent = exchange(Party::Provider, &request, &answer, at, took);
    CACHE.with_borrow_mut(|cache| cache.calls.push(sent));
    let answer = answer.map_err(Error::from)?;
    let why = match answer.status {
        200 => return Ok(answer),
        401 => {
            forget();
            "The provider refused the token that the server handed out. The next call fetches \
             another."
        }
        _ => "The provider answered with an error.",
    };
    Err(Problem::new(Code::ProviderMisbehaved, why))
}

/// Adds the page's own token and calls to what the server knows.
pub(super) fn add_to(mut data: PageData) -> PageData {
    if let Some(token) = cached() {
        data.token = token.view(data.token);
        data.exposed.access = Some(token.token.access_token);
    }
    data.change = data.change.and_then(own_change);
    let calls = CACHE.with_borrow(|cache| cache.calls.clone());
    let mut next = data
        .exchanges
        .iter()
        .map(|exchange| exchange.id)
        .max()
        .unwrap_or(0);
    for mut exchange in calls {
        next += 1;
        exchange.id = next;
        data.exchanges.push(exchange);
    }
    data.exchanges.sort_by_key(|exchange| exchange.at);
    data
}

/// Returns a change as the page sees it: of the tokens that it was handed. The
/// first of them changed nothing, although the server refreshed to narrow it.
fn own_change(change: Change) -> Option<Change> {
    let Some(after) = cached() else {
        // A refresh by hand, and no token was handed out since.
        return Some(change);
    };
    let (before, expired) = CACHE.with_borrow(|cache| (cache.before.clone(), cache.expired));
    let before = match before {
        Some(before) => before.view(change.before),
        None if expired => change.before,
        None => return None,
    };
    Some(Change {
        before,
        after: after.view(change.after),
        ..change
    })
}
