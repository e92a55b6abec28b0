//! The operations of the page.

use super::cache::{CachedToken, TokenCache};
use crate::{
    browser::Browser,
    error::Error,
    exchange_log::exchange::exchange,
    http::{Request, Response},
    platform::Platform,
    transport::limit,
};
use confidant_wire::{
    Claims, Code, HandedOutAccessToken, Party, Problem, Report, TokenView, UnixMillis,
};
use std::{cell::RefCell, rc::Rc};

/// The server that issues access tokens to the page.
#[allow(async_fn_in_trait, reason = "a page has one thread")]
pub trait TokenMediator {
    /// Asks the server for an access token.
    ///
    /// # Errors
    /// If the server issues none.
    async fn access_token(&self) -> Result<HandedOutAccessToken, Problem>;
}

/// The page's side of a token-mediating backend. A clone is the same client; keep
/// one for as long as the page lives.
///
/// The page uses the access token, and never has the refresh token. Signing in
/// and out, refreshing and the session are operations of the server.
pub struct MediatedClient<P, M> {
    parts: Rc<Parts<P, M>>,
}

struct Parts<P, M> {
    platform: P,
    mediator: M,
    cache: RefCell<TokenCache>,
}

impl<P, M> Clone for MediatedClient<P, M> {
    fn clone(&self) -> Self {
        Self {
            parts: self.parts.clone(),
        }
    }
}

impl<M: TokenMediator> MediatedClient<Browser, M> {
    /// Creates a client in this browser that gets its tokens from this server.
    pub fn new(mediator: M) -> Self {
        Self::on(Browser, mediator)
    }
}

impl<P: Platform, M: TokenMediator> MediatedClient<P, M> {
    /// Creates a client on another platform.
    pub fn on(platform: P, mediator: M) -> Self {
        Self {
            parts: Rc::new(Parts {
                platform,
                mediator,
                cache: RefCell::default(),
            }),
        }
    }

    /// Returns a token that has not expired: the one in the page's memory, or a
    /// new one from the server.
    ///
    /// # Errors
    /// If the server issues none.
    pub async fn access_token(&self) -> Result<HandedOutAccessToken, Problem> {
        Ok(self.token().await?.token)
    }

    /// Returns the token in the page's memory, if there is one.
    pub fn cached_token(&self) -> Option<HandedOutAccessToken> {
        let cache = self.parts.cache.borrow();
        cache.current().map(|cached| cached.token.clone())
    }

    /// Forgets the token: the next call asks the server for one.
    pub fn forget(&self) {
        self.parts.cache.borrow_mut().replace(None);
    }

    /// Forgets the token as if it had expired.
    pub fn expire(&self) {
        self.parts.cache.borrow_mut().expire();
    }

    /// Asks the provider's userinfo endpoint about the user (OpenID Connect
    /// Core 1.0, section 5.3). The request goes from the page to the provider.
    ///
    /// # Errors
    /// If there is no token, or the provider does not answer with claims.
    pub async fn profile(&self, userinfo_endpoint: &str) -> Result<Claims, Problem> {
        let cached = self.token().await?;
        let at = cached.server_time(self.now());
        let response = self.send(userinfo_endpoint, &cached, at).await?;
        serde_json::from_str(&response.body)
            .map_err(|_| misbehaved("The provider’s answer makes no sense."))
    }

    /// Returns the token view: the page's access token, and the rest as the
    /// server sees it.
    pub fn view(&self, server: TokenView) -> TokenView {
        self.parts.cache.borrow().view(server)
    }

    /// Adds what the page did to the server's report.
    pub fn report(&self, server: Report) -> Report {
        self.parts.cache.borrow().report(server)
    }

    async fn token(&self) -> Result<CachedToken, Problem> {
        let now = self.now();
        let cached = self.parts.cache.borrow().valid(now);
        if let Some(token) = cached {
            return Ok(token);
        }
        let token = self.parts.mediator.access_token().await?;
        let token = CachedToken::new(token, now);
        let mut cache = self.parts.cache.borrow_mut();
        cache.replace(Some(token.clone()));
        Ok(token)
    }

    /// Sends a request to the provider and records it; `at` is the time by the
    /// server's clock.
    async fn send(
        &self,
        url: &str,
        cached: &CachedToken,
        at: UnixMillis,
    ) -> Result<Response, Problem> {
        let mut request = Request::get(url);
        let credentials = format!("Bearer {}", cached.token.access_token);
        request.headers.push(("authorization", credentials));
        let platform = &self.parts.platform;
        let began = platform.now().steady;
        let result = platform.fetch(&request, limit(Party::Provider)).await;
        let took = platform.now().steady.saturating_sub(began);
        let exchange = exchange(Party::Provider, &request, &result, at, took);
        self.parts.cache.borrow_mut().add_exchange(exchange);
        let response = result.map_err(Error::from)?;
        match response.status {
            200 => Ok(response),
            401 => {
                self.forget();
                Err(misbehaved(
                    "The provider refused the token that the server handed out. The next call \
                     fetches another.",
                ))
            }
            _ => Err(misbehaved("The provider answered with an error.")),
        }
    }

    fn now(&self) -> UnixMillis {
        self.parts.platform.now().wall
    }
}

fn misbehaved(message: &str) -> Problem {
    Problem::new(Code::ProviderMisbehaved, message)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::browser_model::{BrowserModel, Tab};
    use futures::executor::LocalPool;
    use std::cell::Cell;

    const USERINFO: &str = "http://localhost:1/userinfo";

    #[derive(Default)]
    struct Server {
        issued: Cell<u64>,
        now: Cell<u64>,
    }

    impl TokenMediator for Rc<Server> {
        async fn access_token(&self) -> Result<HandedOutAccessToken, Problem> {
            self.issued.set(self.issued.get() + 1);
            let now = self.now.get();
            Ok(HandedOutAccessToken {
                access_token: format!("at-{}", self.issued.get()),
                token_type: "Bearer".into(),
                scopes: Vec::new(),
                obtained_at: now,
                expires_at: Some(now + 60_000),
                now,
            })
        }
    }

    fn client(
        pool: &LocalPool,
    ) -> (
        Rc<BrowserModel>,
        Rc<Server>,
        MediatedClient<Tab, Rc<Server>>,
    ) {
        let (browser, server) = (BrowserModel::new(), Rc::new(Server::default()));
        let client = MediatedClient::on(browser.tab(pool), server.clone());
        (browser, server, client)
    }

    #[test]
    fn the_page_asks_for_a_token_when_it_has_none_or_an_expired_one() {
        let mut pool = LocalPool::new();
        let (browser, server, client) = client(&pool);
        pool.run_until(async {
            assert!(client.profile(USERINFO).await.is_ok());
            assert!(client.profile(USERINFO).await.is_ok());
            assert_eq!(server.issued.get(), 1);
            browser.pass(60_000);
            assert_eq!(client.access_token().await.unwrap().access_token, "at-2");
            client.expire();
            assert!(client.cached_token().is_none());
            assert!(client.profile(USERINFO).await.is_ok());
            assert_eq!(server.issued.get(), 3);
        });
        let report = client.report(Report::default());
        assert_eq!(report.exchanges.len(), 3);
        assert!(!format!("{report:?}").contains("at-1"));
    }

    #[test]
    fn a_token_that_the_provider_refuses_is_forgotten() {
        let mut pool = LocalPool::new();
        let (browser, server, client) = client(&pool);
        browser.provider.borrow_mut().refused_below = 2;
        pool.run_until(async {
            let refused = client.profile(USERINFO).await.unwrap_err();
            assert_eq!(refused.code, Code::ProviderMisbehaved);
            assert!(client.cached_token().is_none());
            assert!(client.profile(USERINFO).await.is_ok());
        });
        assert_eq!(server.issued.get(), 2);
    }

    #[test]
    fn the_page_stores_nothing() {
        let mut pool = LocalPool::new();
        let (browser, server) = (BrowserModel::new(), Rc::new(Server::default()));
        let tab = browser.tab(&pool);
        let client = MediatedClient::on(tab.clone(), server);
        pool.run_until(async { client.profile(USERINFO).await.unwrap() });
        assert_eq!(tab.stored(), Vec::<String>::new());
    }
}
