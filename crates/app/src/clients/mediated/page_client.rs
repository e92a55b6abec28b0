//! The page's side of the token-mediating backend: the client of the
//! `browser-client` crate, with this application's server as the mediator.

use crate::{
    api::{self, Failure},
    clients::public::providers,
    page_data::{Claims, PageData, as_text},
};
use confidant_browser::{Browser, MediatedClient, TokenMediator};
use confidant_wire::{Code, HandedOutAccessToken, Problem, ProviderView, Report};

/// This application's server.
pub(super) struct Server;

impl TokenMediator for Server {
    async fn access_token(&self) -> Result<HandedOutAccessToken, Problem> {
        api::post("/auth/mediated/token", String::new())
            .await
            .map_err(|Failure(problem)| problem)
    }
}

thread_local! {
    static CLIENT: MediatedClient<Browser, Server> = MediatedClient::new(Server);
}

/// Returns the page's client.
pub(super) fn client() -> MediatedClient<Browser, Server> {
    CLIENT.with(Clone::clone)
}

/// Calls the provider's userinfo endpoint from the page itself.
pub(super) async fn profile() -> Result<Claims, Problem> {
    let userinfo = |mut provider: ProviderView| provider.userinfo_endpoint.take();
    let url = providers()
        .into_iter()
        .find_map(userinfo)
        .ok_or_else(|| Problem::new(Code::NotOffered, "This provider has no userinfo endpoint."))?;
    client().profile(&url).await.map(as_text)
}

/// Adds the page's own token and requests to the server's data.
pub(super) fn add_to(data: PageData) -> PageData {
    let client = client();
    let report = client.report(Report {
        change: data.change.map(Into::into),
        exchanges: data.exchanges,
    });
    let mut exposed = data.exposed;
    if let Some(token) = client.cached_token() {
        exposed.access = Some(token.access_token);
    }
    PageData {
        token: client.view(data.token.into()).into(),
        exposed,
        change: report.change.map(Into::into),
        exchanges: report.exchanges,
        ..data
    }
}
