//! The access token in the page's memory. It is not stored: after a reload the
//! page asks the server for another one.

use crate::digest::fingerprint;
use confidant_wire::{
    Cause, Change, Exchange, HandedOutAccessToken, Report, TokenKind, TokenView, UnixMillis,
};

/// The page's memory.
#[derive(Default)]
pub(crate) struct TokenCache {
    current: Option<CachedToken>,
    previous: Option<CachedToken>,
    /// Whether the last token was forgotten because it was forced to expire.
    expired: bool,
    /// The exchanges of the page itself.
    exchanges: Vec<Exchange>,
}

/// An access token, and by how much the server's clock is ahead of the
/// browser's, in milliseconds: whichever of them is wrong.
#[derive(Clone)]
pub(crate) struct CachedToken {
    pub(crate) token: HandedOutAccessToken,
    ahead: UnixMillis,
}

impl CachedToken {
    /// Returns a token that the page requested at this time, by the browser's
    /// clock.
    pub(crate) fn new(token: HandedOutAccessToken, requested_at: UnixMillis) -> Self {
        let ahead = token.now.wrapping_sub(requested_at);
        Self { token, ahead }
    }

    /// Returns the time by the server's clock.
    pub(crate) fn server_time(&self, now: UnixMillis) -> UnixMillis {
        now.wrapping_add(self.ahead)
    }

    fn is_valid(&self, now: UnixMillis) -> bool {
        let end = self.token.expires_at;
        end.is_none_or(|end| end > self.server_time(now))
    }

    /// Returns the view of this token; the rest of it is the server's.
    fn view(&self, server: TokenView) -> TokenView {
        let token = &self.token;
        TokenView {
            access_token: fingerprint(TokenKind::Access, &token.access_token),
            token_type: token.token_type.clone(),
            scopes: token.scopes.clone(),
            obtained_at: token.obtained_at,
            expires_at: token.expires_at,
            expired: false,
            ..server
        }
    }
}

impl TokenCache {
    /// Returns the token, if it has not expired.
    pub(crate) fn valid(&self, now: UnixMillis) -> Option<CachedToken> {
        self.current.clone().filter(|token| token.is_valid(now))
    }

    /// Returns the token, expired or not.
    pub(crate) fn current(&self) -> Option<&CachedToken> {
        self.current.as_ref()
    }

    /// Replaces the token; `None` forgets it.
    pub(crate) fn replace(&mut self, token: Option<CachedToken>) {
        if let Some(old) = std::mem::replace(&mut self.current, token) {
            self.previous = Some(old);
        }
    }

    /// Forgets the token, as if it had expired.
    pub(crate) fn expire(&mut self) {
        self.replace(None);
        self.expired = true;
    }

    /// Records an exchange of the page.
    pub(crate) fn add_exchange(&mut self, exchange: Exchange) {
        self.exchanges.push(exchange);
    }

    /// Returns the view of the page's token, or the server's before the page has
    /// one.
    pub(crate) fn view(&self, server: TokenView) -> TokenView {
        match &self.current {
            Some(token) => token.view(server),
            None => server,
        }
    }

    /// Adds what the page did to the server's report.
    pub(crate) fn report(&self, mut report: Report) -> Report {
        report.change = report.change.and_then(|change| self.change(change));
        let ids = report.exchanges.iter().map(|exchange| exchange.id);
        let first = ids.max().unwrap_or(0) + 1;
        let own = (first..).zip(self.exchanges.iter().cloned());
        let own = own.map(|(id, exchange)| Exchange { id, ..exchange });
        report.exchanges.extend(own);
        report.exchanges.sort_by_key(|exchange| exchange.at);
        report
    }

    /// Returns a change of the server's token as a change of the page's. The
    /// page's first token changed nothing, although the server may have needed a
    /// refresh to narrow it. After a silent re-authentication, the page is new.
    fn change(&self, change: Change) -> Option<Change> {
        let Some(after) = &self.current else {
            // An explicit refresh, and the page has requested no token since.
            return Some(change);
        };
        let before = match &self.previous {
            Some(before) => before.view(change.before),
            None if self.expired || change.cause == Cause::Renewal => change.before,
            None => return None,
        };
        Some(Change {
            before,
            after: after.view(change.after),
            ..change
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::sent_at;
    use confidant_wire::{Cause, Claims};

    fn token(name: &str, expires_at: Option<u64>) -> CachedToken {
        let token = HandedOutAccessToken {
            access_token: name.into(),
            token_type: "Bearer".into(),
            scopes: vec!["openid".into()],
            obtained_at: 10_000,
            expires_at,
            now: 10_000,
        };
        CachedToken::new(token, 1_000)
    }

    fn server_view() -> TokenView {
        TokenView {
            access_token: fingerprint(TokenKind::Access, "server"),
            refresh_token: None,
            generation: 3,
            token_type: "Bearer".into(),
            scopes: Vec::new(),
            obtained_at: 0,
            expires_at: None,
            now: 0,
            expired: true,
            may_be_spent: false,
            extras: Claims::new(),
        }
    }

    fn change() -> Change {
        Change {
            cause: Cause::Automatic,
            before: server_view(),
            after: server_view(),
        }
    }

    fn named(view: &TokenView, name: &str) -> bool {
        view.access_token == fingerprint(TokenKind::Access, name)
    }

    #[test]
    fn a_token_is_valid_by_the_server_s_clock() {
        let mut cache = TokenCache::default();
        assert!(cache.valid(0).is_none());
        // The server is nine seconds ahead.
        cache.replace(Some(token("a", Some(20_000))));
        assert!(cache.valid(10_999).is_some());
        assert!(cache.valid(11_000).is_none());
        cache.replace(Some(token("b", None)));
        assert!(cache.valid(u64::MAX / 2).is_some());
    }

    #[test]
    fn the_view_is_that_of_the_page_s_token_once_there_is_one() {
        let mut cache = TokenCache::default();
        assert!(named(&cache.view(server_view()), "server"));
        cache.replace(Some(token("a", None)));
        let view = cache.view(server_view());
        assert!(named(&view, "a") && !view.expired);
        assert_eq!(view.generation, 3);
        cache.expire();
        assert!(named(&cache.view(server_view()), "server"));
    }

    #[test]
    fn a_change_is_one_of_the_page_s_tokens() {
        let mut cache = TokenCache::default();
        let report = || Report {
            change: Some(change()),
            exchanges: Vec::new(),
        };
        // An explicit refresh on the server.
        assert!(cache.report(report()).change.is_some());
        cache.replace(Some(token("a", None)));
        assert_eq!(cache.report(report()).change, None);
        cache.replace(Some(token("b", None)));
        let change = cache.report(report()).change.unwrap();
        assert!(named(&change.before, "a") && named(&change.after, "b"));
    }

    #[test]
    fn a_token_after_a_forced_expiry_changes_the_server_s() {
        let mut cache = TokenCache::default();
        cache.expire();
        cache.replace(Some(token("a", None)));
        let report = Report {
            change: Some(change()),
            exchanges: Vec::new(),
        };
        let change = cache.report(report).change.unwrap();
        assert!(named(&change.before, "server") && named(&change.after, "a"));
    }

    #[test]
    fn the_first_token_after_a_silent_re_authentication_is_its_result() {
        let mut cache = TokenCache::default();
        cache.replace(Some(token("a", None)));
        let change = Change {
            cause: Cause::Renewal,
            ..change()
        };
        let report = Report {
            change: Some(change),
            exchanges: Vec::new(),
        };
        let change = cache.report(report).change.unwrap();
        assert!(named(&change.before, "server") && named(&change.after, "a"));
    }

    #[test]
    fn the_exchanges_of_page_and_server_are_in_order() {
        let mut cache = TokenCache::default();
        cache.add_exchange(sent_at(5));
        let report = cache.report(Report {
            change: None,
            exchanges: vec![
                Exchange {
                    id: 7,
                    ..sent_at(1)
                },
                Exchange {
                    id: 8,
                    ..sent_at(9)
                },
            ],
        });
        let ids: Vec<_> = report
            .exchanges
            .iter()
            .map(|exchange| exchange.id)
            .collect();
        assert_eq!(ids, [7, 9, 8]);
    }
}
