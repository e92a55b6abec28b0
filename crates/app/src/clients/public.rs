//! What the kinds that live in the browser have in common: each is the public
//! client of the `browser-client` crate with its own settings. The server knows
//! what they are, and nothing of their tokens.

mod instances;

use super::{
    descriptor::Descriptor,
    oauth_client::{Form, OAuthClient, Reply},
};
use crate::{
    browser,
    page_data::{Next, Outcome, PageData, as_text},
    routes::{self, Page},
};
use confidant_browser::{AuthorizationResponse, Error};
use confidant_wire::{ClientKind, Code, Problem, ProviderView};
pub(super) use instances::Storage;
#[cfg(feature = "ssr")]
pub(crate) use instances::provider_settings;
use instances::{Instance, instance};
pub(crate) use instances::{providers, set_providers};
use leptos::serde_json;
use std::future::Future;

/// A public client in the browser.
#[derive(Debug)]
pub(crate) struct Public {
    pub(super) kind: ClientKind,
    pub(super) storage: Storage,
    pub(super) descriptor: &'static Descriptor,
}

impl Public {
    /// Lets the client of this kind do something.
    fn ask<T: 'static, F: Future<Output = Result<T, Error>> + 'static>(
        &self,
        call: impl FnOnce(Instance) -> F + 'static,
    ) -> Reply<T> {
        let (kind, storage) = (self.kind, self.storage);
        Box::pin(async move { Ok(call(instance(kind, storage)?).await?) })
    }

    /// Lets the client act, then makes the page's call and returns what the page
    /// shows. If only another authorization can give new tokens, the browser
    /// goes there without a question to the user, and returns to the page.
    fn show<F: Future<Output = Result<(), Error>> + 'static>(
        &self,
        page: Page,
        act: impl FnOnce(Instance) -> F + 'static,
    ) -> Reply<Next> {
        let (kind, storage) = (self.kind, self.storage);
        Box::pin(async move {
            let client = instance(kind, storage)?;
            let data = async {
                act(client.clone()).await?;
                page_data(&client, kind, page).await
            };
            let problem = match data.await {
                Ok(data) => match &data.outcome {
                    Err(problem) if problem.code == Code::Reauthorize => problem.clone(),
                    _ => return Ok(Next::Show(Box::new(publish(data)))),
                },
                Err(problem) => problem,
            };
            if problem.code == Code::Reauthorize
                && let Ok(url) = client.start_silently(&page.path(kind)).await
            {
                return Ok(Next::GoTo(url));
            }
            Err(problem)
        })
    }
}

async fn page_data(client: &Instance, kind: ClientKind, page: Page) -> Result<PageData, Problem> {
    let session = client.session().await?;
    let outcome = match page {
        Page::Menu | Page::ManualRefresh | Page::Faults => Ok(Outcome::Nothing),
        Page::Profile | Page::AutomaticRefresh => {
            let profile = client.profile().await;
            profile.map(|claims| Outcome::Profile(as_text(claims)))
        }
        Page::Validate => {
            let validation = client.validate().await;
            validation.map(|validation| Outcome::Validation(validation.into()))
        }
    };
    // The call may have ended the session.
    let (token, exposed) = client.token().await?;
    let report = client.report().await;
    Ok(PageData {
        kind,
        user: session.name,
        provider: client.provider().name.clone(),
        outcome: outcome.map_err(Problem::from),
        token: token.into(),
        exposed,
        change: report.change.map(Into::into),
        exchanges: report.exchanges,
        faults: active_faults(client, kind).await,
    })
}

/// Leaves the exchanges in the window, where the comparison reads those of a
/// client that runs in its page.
pub(super) fn publish(data: PageData) -> PageData {
    if let Ok(text) = serde_json::to_string(&data.exchanges) {
        browser::leave_in_window(browser::EXCHANGES, &text);
    }
    data
}

/// Asks the server which faults of the demo provider are active, in the demo.
async fn active_faults(client: &Instance, kind: ClientKind) -> Option<String> {
    if !client.provider().faults {
        return None;
    }
    let faults = crate::fault_panel::commands::active_faults(kind.id().to_owned()).await;
    faults.ok().flatten()
}

#[cfg(feature = "ssr")]
impl Public {
    /// Returns the script of its service worker, for pages of this origin.
    pub(super) fn service_worker(
        &self,
        public: confidant_wire::PublicClient,
        origin: &str,
    ) -> String {
        let settings = instances::settings(self.kind, self.storage, public, origin);
        confidant_browser::service_worker(&settings)
    }
}

impl OAuthClient for Public {
    fn kind(&self) -> ClientKind {
        self.kind
    }

    fn descriptor(&self) -> &'static Descriptor {
        self.descriptor
    }

    fn is_offered(&self, provider: &ProviderView) -> bool {
        provider.public.is_some()
    }

    fn endpoint(&self, _: Form) -> Option<&'static str> {
        None
    }

    fn start(&self, _: String, return_to: String) -> Reply<String> {
        self.ask(|client| async move { client.start(&return_to).await })
    }

    fn finish(&self, response: AuthorizationResponse) -> Reply<String> {
        self.ask(|client| async move { client.finish(response).await })
    }

    fn view(&self, page: Page) -> Reply<Next> {
        self.show(page, |_| async { Ok(()) })
    }

    fn refresh(&self) -> Reply<Next> {
        self.show(Page::ManualRefresh, |client| async move {
            client.refresh().await
        })
    }

    fn expire_and_call(&self) -> Reply<Next> {
        self.show(Page::AutomaticRefresh, |client| async move {
            client.expire().await
        })
    }

    fn expire(&self) -> Reply<()> {
        self.ask(|client| async move { client.expire().await })
    }

    fn sign_out(&self) -> Reply<String> {
        self.ask(|client| async move {
            client.sign_out().await?;
            Ok(routes::signed_out(Some(&client.provider().id)))
        })
    }
}
