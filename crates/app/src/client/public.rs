//! What the kinds that live in the browser have in common: each is the public
//! client of the `browser-client` crate, set up its own way. On the server
//! none of this runs: it knows what they are, and nothing of their tokens.

mod open;

use super::{AuthorizationResponse, Client, Deed, Held, Portrait, Reply, Source, draw_here};
use crate::{browser, page::Reading};
use confidant_browser::Error;
use confidant_wire::*;
use open::{Open, open};
use send_wrapper::SendWrapper;
use std::future::Future;

/// Where such a client keeps its tokens, and what it takes to use them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Keeping {
    /// In the page's own storage, bound to a key or not.
    Page {
        /// Whether by DPoP (RFC 9449).
        bound: bool,
    },
    /// In a service worker.
    Worker,
}

/// A public client in the browser.
#[derive(Debug)]
pub(super) struct Public {
    pub(super) kind: ClientKind,
    pub(super) keeping: Keeping,
    pub(super) portrait: &'static Portrait,
}

impl Public {
    /// Lets the client do something. If the only way to a token is another
    /// authorization, the page goes there at once, without asking anybody, and
    /// comes back to where it was.
    fn ask<T: 'static, F: Future<Output = Result<T, Error>> + 'static>(
        &self,
        deed: impl FnOnce(Open) -> F + 'static,
    ) -> Reply<T> {
        let (kind, keeping) = (self.kind, self.keeping);
        Box::pin(SendWrapper::new(async move {
            let client = open(kind, keeping).await?;
            let problem: Problem = match deed(client.clone()).await {
                Ok(done) => return Ok(done),
                Err(error) => error.into(),
            };
            if problem.code == Code::Reauthorize
                && let Ok(url) = client.start_silently(&browser::path()).await
            {
                browser::leave_for(&url);
            }
            Err(problem)
        }))
    }
}

#[cfg(feature = "ssr")]
impl Public {
    /// The script of its service worker, for pages of this origin.
    pub(super) fn service_worker(&self, public: PublicClient, origin: &str) -> String {
        let settings = open::settings(self.kind, self.keeping, public, origin);
        confidant_browser::service_worker(&settings)
    }
}

/// Where that script is to be served.
#[cfg(feature = "ssr")]
pub(crate) const SERVICE_WORKER: &str = open::WORKER;

impl Client for Public {
    fn kind(&self) -> ClientKind {
        self.kind
    }

    fn form(&self, _: Deed) -> Option<&'static str> {
        None
    }

    fn read(&self, path: String, query: String) -> Reply<Reading> {
        draw_here(path, query)
    }

    fn start(&self, _: String, return_to: String) -> Reply<LoginStarted> {
        self.ask(|client| async move {
            let authorization_url = client.start(&return_to).await?;
            Ok(LoginStarted { authorization_url })
        })
    }

    fn finish(&self, response: AuthorizationResponse) -> Reply<LoginFinished> {
        self.ask(|client| async move {
            let return_to = client.finish(response).await?;
            Ok(LoginFinished { return_to })
        })
    }

    fn refresh(&self) -> Reply<TokenView> {
        self.ask(|client| async move { client.refresh().await })
    }

    fn expire(&self) -> Reply<TokenView> {
        self.ask(|client| async move { client.expire().await })
    }

    fn sign_out(&self) -> Reply<SignedOut> {
        self.ask(|client| async move { client.sign_out().await })
    }
}

impl Source for Public {
    fn portrait(&self) -> &'static Portrait {
        self.portrait
    }

    fn is_offered(&self, provider: &ProviderView) -> bool {
        provider.public.is_some()
    }

    fn session(&self) -> Reply<SessionView> {
        self.ask(|client| async move { client.session().await })
    }

    fn token(&self) -> Reply<TokenView> {
        self.ask(|client| async move { client.token().await })
    }

    fn held(&self) -> Reply<Held> {
        self.ask(|client| async move { client.held().await })
    }

    fn profile(&self) -> Reply<Claims> {
        self.ask(|client| async move { client.profile().await })
    }

    fn validate(&self) -> Reply<Validation> {
        self.ask(|client| async move { client.validate().await })
    }

    fn report(&self) -> Reply<Report> {
        self.ask(|client| async move { client.report().await })
    }
}
