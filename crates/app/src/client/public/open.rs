//! The clients of this page: one for each kind, opened when first asked and
//! kept for as long as the page lives.

use super::Keeping;
use crate::{
    browser,
    client::{AuthorizationResponse, Held},
    endpoint::{self, Failure},
    page::Page,
};
use confidant_browser::{
    ApiPrefix, Browser, Error, ErrorKind, PublicClient, Reuse, ServiceWorkerClient, Settings,
    Storage, TokenBinding,
};
use confidant_wire::{
    Claims, ClientKind, Code, Problem, ProviderView, Report, SessionView, SignedIn, SignedOut,
    TokenView, Validation,
};
use std::{cell::RefCell, collections::HashMap, rc::Rc};

thread_local! {
    static CLIENTS: RefCell<HashMap<ClientKind, Open>> = RefCell::default();
}

/// A client that is set up.
#[derive(Clone)]
pub(super) struct Open(Rc<Inner>);

struct Inner {
    kind: ClientKind,
    provider: ProviderView,
    client: Engine,
}

/// Who has the tokens.
enum Engine {
    Page(PublicClient<Browser>),
    Worker(ServiceWorkerClient<Browser>),
}

/// Lets whichever it is do the same.
macro_rules! either {
    ($open:expr, $client:ident => $call:expr) => {
        match &$open.0.client {
            Engine::Page($client) => $call,
            Engine::Worker($client) => $call,
        }
    };
}

/// Where the service worker's script is served: in a folder above all pages of
/// its kind.
pub(super) const WORKER: &str = "/worker/sw.js";

/// The client of this kind.
pub(super) async fn open(kind: ClientKind, keeping: Keeping) -> Result<Open, Problem> {
    if let Some(client) = CLIENTS.with_borrow(|clients| clients.get(&kind).cloned()) {
        return Ok(client);
    }
    let providers = endpoint::list_providers()
        .await
        .map_err(|Failure(problem)| problem)?;
    // The first one, where there are more: a page knows one client of a kind.
    let offered = |mut it: ProviderView| it.public.take().map(|public| (it, public));
    let Some((provider, public)) = providers.into_iter().find_map(offered) else {
        return Err(Problem::new(
            Code::UnknownKind,
            "No provider is configured for clients in the browser.",
        ));
    };
    let settings = settings(kind, keeping, public, &browser::origin());
    let client = match keeping {
        Keeping::Page { .. } => Engine::Page(PublicClient::new(settings)),
        Keeping::Worker => {
            let client = ServiceWorkerClient::new(settings, WORKER);
            client.keep_awake();
            Engine::Worker(client)
        }
    };
    let opened = Open(Rc::new(Inner {
        kind,
        provider,
        client,
    }));
    CLIENTS.with_borrow_mut(|clients| clients.insert(kind, opened.clone()));
    Ok(opened)
}

/// How the client of a kind is set up, for pages of this origin.
pub(super) fn settings(
    kind: ClientKind,
    keeping: Keeping,
    public: confidant_wire::PublicClient,
    origin: &str,
) -> Settings {
    let bound = keeping == Keeping::Page { bound: true };
    Settings {
        issuer: public.issuer,
        client_id: public.client_id,
        redirect_uri: format!("{origin}/{kind}/callback"),
        scopes: public.scopes,
        storage: Storage::Local,
        binding: if bound {
            TokenBinding::Dpop
        } else {
            TokenBinding::Bearer
        },
        // What is bound to a key need not rotate (RFC 10017, section 6.3.2.3).
        reuse: if bound {
            Reuse::Reusable
        } else {
            Reuse::Strict
        },
        apis: public
            .apis
            .iter()
            .filter_map(|api| ApiPrefix::new(api).ok())
            .collect(),
        namespace: kind.to_string(),
        post_logout_redirect_uri: Some(format!("{origin}/")),
    }
}

impl Open {
    pub(super) async fn start(&self, return_to: &str) -> Result<String, Error> {
        either!(self, client => client.start(return_to).await)
    }

    pub(super) async fn start_silently(&self, return_to: &str) -> Result<String, Error> {
        either!(self, client => client.start_silently(return_to).await)
    }

    pub(super) async fn finish(&self, response: AuthorizationResponse) -> Result<String, Error> {
        let AuthorizationResponse {
            code,
            state,
            iss,
            error,
        } = response;
        let response = confidant_browser::AuthorizationResponse {
            code,
            state,
            iss,
            error,
            error_description: None,
        };
        match either!(self, client => client.finish(&response).await) {
            // The back button, or a link followed twice: on to what it began.
            Err(error) if error.kind == ErrorKind::AlreadyFinished => {
                match self.session().await?.signed_in {
                    true => Ok(Page::Menu.path(self.0.kind)),
                    false => Err(error),
                }
            }
            finished => finished,
        }
    }

    pub(super) async fn refresh(&self) -> Result<TokenView, Error> {
        match &self.0.client {
            Engine::Page(client) => Ok(client.refresh().await?.view()),
            Engine::Worker(client) => client.refresh().await,
        }
    }

    pub(super) async fn expire(&self) -> Result<TokenView, Error> {
        match &self.0.client {
            Engine::Page(client) => Ok(client.expire().await?.view()),
            Engine::Worker(client) => client.expire().await,
        }
    }

    pub(super) async fn token(&self) -> Result<TokenView, Error> {
        match &self.0.client {
            Engine::Page(client) => Ok(client.token().await?.view()),
            Engine::Worker(client) => client.token().await,
        }
    }

    pub(super) async fn held(&self) -> Result<Held, Error> {
        let Engine::Page(client) = &self.0.client else {
            // It shows nobody what it has.
            return Ok(Held::default());
        };
        let held = client.token().await?;
        Ok(Held {
            access_token: Some(held.access_token),
            refresh_token: held.refresh_token,
        })
    }

    pub(super) async fn profile(&self) -> Result<Claims, Error> {
        either!(self, client => client.profile().await)
    }

    pub(super) async fn validate(&self) -> Result<Validation, Error> {
        either!(self, client => client.validate().await)
    }

    pub(super) async fn report(&self) -> Result<Report, Error> {
        Ok(either!(self, client => client.report().await))
    }

    pub(super) async fn session(&self) -> Result<SessionView, Error> {
        let session = either!(self, client => client.session().await?);
        let provider = &self.0.provider;
        Ok(SessionView {
            signed_in: session.signed_in.is_some(),
            unknown: false,
            ended: session.ended.map(Problem::from),
            session: session.signed_in.map(|it| SignedIn {
                subject: it.subject,
                name: it.name,
                provider: provider.id.clone(),
                provider_name: provider.name.clone(),
                kind: self.0.kind,
                since: it.since,
                until: None,
            }),
        })
    }

    pub(super) async fn sign_out(&self) -> Result<SignedOut, Error> {
        let out = either!(self, client => client.sign_out().await?);
        Ok(SignedOut {
            provider: Some(self.0.provider.id.clone()),
            revoked: out.revoked,
            end_session_url: out.end_session_url,
        })
    }
}
