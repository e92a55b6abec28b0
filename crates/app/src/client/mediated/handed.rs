//! The access token in the page's memory, and the calls made with it. Nothing
//! of it is stored: a reload asks the server again.

use crate::{
    browser,
    client::{Held, Reply},
    endpoint::{self, Failure},
    json,
};
use confidant_browser::{Browser, Error, Platform, Request, Response, exchange, fingerprint};
use confidant_wire::*;
use send_wrapper::SendWrapper;
use std::{cell::RefCell, future::Future};

/// How long an answer may take, in milliseconds.
const LIMIT: u32 = 10_000;

/// What the page has in its memory.
#[derive(Default)]
struct Hand {
    token: Option<InHand>,
    /// The one before it.
    before: Option<InHand>,
    /// Whether that was said to have run out.
    expired: bool,
    /// What the page itself sent.
    calls: Vec<Exchange>,
}

/// A token, and how far the server's clock is ahead of the browser's:
/// whichever of them is wrong.
#[derive(Clone)]
struct InHand {
    token: HandedOutAccessToken,
    ahead: UnixMillis,
}

thread_local! {
    static HAND: RefCell<Hand> = RefCell::default();
}

impl InHand {
    /// The server's clock at this moment.
    fn now(&self) -> UnixMillis {
        browser::now().wrapping_add(self.ahead)
    }

    fn is_fresh(&self) -> bool {
        self.token.expires_at.is_none_or(|end| end > self.now())
    }

    fn name(&self) -> Fingerprint {
        fingerprint(TokenKind::Access, &self.token.access_token)
    }
}

impl Hand {
    fn replace(&mut self, new: Option<InHand>) {
        if let Some(old) = std::mem::replace(&mut self.token, new) {
            self.before = Some(old);
        }
    }
}

/// Forgets the token: the next call asks the server for one.
pub(super) fn forget() {
    HAND.with_borrow_mut(|hand| hand.replace(None));
}

/// Forgets it because it has run out, by force.
pub(super) fn expire() {
    forget();
    HAND.with_borrow_mut(|hand| hand.expired = true);
}

fn in_hand() -> Option<InHand> {
    HAND.with_borrow(|hand| hand.token.clone())
}

fn reply<T: 'static>(call: impl Future<Output = Result<T, Problem>> + 'static) -> Reply<T> {
    Box::pin(SendWrapper::new(call))
}

/// The token in hand, or a new one from the server if it has run out.
async fn token() -> Result<InHand, Problem> {
    if let Some(token) = in_hand().filter(InHand::is_fresh) {
        return Ok(token);
    }
    let arrived = browser::now();
    let token = endpoint::hand_out_token(None)
        .await
        .map_err(|Failure(problem)| problem)?;
    let ahead = token.now.wrapping_sub(arrived);
    let token = InHand { token, ahead };
    HAND.with_borrow_mut(|hand| hand.replace(Some(token.clone())));
    Ok(token)
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
        let answer = call(&url, &token, token.now()).await?;
        json::read(&answer.body).map_err(|_| {
            Problem::new(
                Code::ProviderMisbehaved,
                "The provider’s answer makes no sense.",
            )
        })
    })
}

async fn call(
    url: &str,
    InHand { token, .. }: &InHand,
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
    HAND.with_borrow_mut(|hand| hand.calls.push(sent));
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

/// The token view: the page's own access token, the server's refresh token.
pub(super) fn view() -> Reply<TokenView> {
    reply(async {
        let kept = endpoint::view_token()
            .await
            .map_err(|Failure(problem)| problem)?;
        Ok(match in_hand() {
            Some(token) => seen(&token, kept),
            // None was fetched yet, or the last was forgotten.
            None => kept,
        })
    })
}

/// A token that was handed out, and the rest as the server keeps it.
fn seen(in_hand: &InHand, kept: TokenView) -> TokenView {
    let token = &in_hand.token;
    TokenView {
        access_token: in_hand.name(),
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
    let Some(after) = in_hand() else {
        // A refresh by hand, and none was handed out since.
        return Some(change);
    };
    let (before, expired) = HAND.with_borrow(|hand| (hand.before.clone(), hand.expired));
    let before = match before {
        Some(before) => seen(&before, change.before),
        None if expired => change.before,
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
    let access_token = in_hand().map(|it| it.token.access_token);
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
        let own = HAND.with_borrow(|hand| hand.calls.clone());
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
