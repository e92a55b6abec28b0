//! The clients of this page: one of each kind, set up when it is first used and
//! kept while the page lives.

use crate::{
    browser,
    clients::oauth_client::not_signed_in,
    page_data::ExposedTokens,
    routes::{self, Page},
};
use confidant_browser::{
    ApiPrefix, AuthorizationResponse, Browser, Error, ErrorKind, ProviderProfile, PublicClient,
    Reuse, ServiceWorkerClient, Settings, SignedIn, TokenBinding,
};
use confidant_wire::{
    Claims, ClientKind, Code, Problem, ProviderView, Report, TokenView, Validation,
};
use leptos::serde_json;
use std::{cell::RefCell, collections::HashMap, rc::Rc};

/// Where such a client keeps its tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Storage {
    /// In the page's own storage.
    Page {
        /// Whether they are bound to a key by DPoP (RFC 9449).
        bound: bool,
    },
    /// In a service worker.
    Worker,
}

thread_local! {
    static PROVIDERS: RefCell<String> = RefCell::default();
    static INSTANCES: RefCell<HashMap<ClientKind, Instance>> = RefCell::default();
}

/// Writes what the clients in the browser need to know of the providers, as JSON.
/// A frontend without such clients passes it on unread. Nothing in it is secret.
#[cfg(feature = "ssr")]
pub(crate) fn provider_settings(providers: &[ProviderView]) -> String {
    serde_json::to_string(providers).unwrap_or_default()
}

/// Sets the providers that the page was rendered with, as JSON.
pub(crate) fn set_providers(providers: String) {
    PROVIDERS.with_borrow_mut(|known| *known = providers);
}

/// Returns the providers that the page was rendered with.
pub(crate) fn providers() -> Vec<ProviderView> {
    let read = |text: &String| serde_json::from_str(text);
    PROVIDERS.with_borrow(read).unwrap_or_default()
}

/// A client that is set up.
#[derive(Clone)]
pub(super) struct Instance(Rc<Inner>);

struct Inner {
    kind: ClientKind,
    provider: ProviderView,
    client: Client,
}

/// What holds the tokens.
enum Client {
    Page(PublicClient<Browser>),
    Worker(ServiceWorkerClient<Browser>),
}

/// Calls the same method of either client.
macro_rules! either {
    ($instance:expr, $client:ident => $call:expr) => {
        match &$instance.0.client {
            Client::Page($client) => $call,
            Client::Worker($client) => $call,
        }
    };
}

/// Returns the client of this kind.
pub(super) fn instance(kind: ClientKind, storage: Storage) -> Result<Instance, Problem> {
    if let Some(instance) = INSTANCES.with_borrow(|instances| instances.get(&kind).cloned()) {
        return Ok(instance);
    }
    // The first provider that offers it: a page knows one client of a kind.
    let offered = |mut provider: ProviderView| Some((provider.public.take()?, provider));
    let Some((public, provider)) = providers().into_iter().find_map(offered) else {
        return Err(Problem::new(
            Code::UnknownKind,
            "No provider is configured for clients in the browser.",
        ));
    };
    let settings = settings(kind, storage, public, &browser::origin());
    let client = match storage {
        Storage::Page { .. } => Client::Page(PublicClient::new(settings)),
        Storage::Worker => {
            let client = ServiceWorkerClient::new(settings, routes::SERVICE_WORKER);
            client.keep_awake();
            Client::Worker(client)
        }
    };
    let instance = Instance(Rc::new(Inner {
        kind,
        provider,
        client,
    }));
    INSTANCES.with_borrow_mut(|instances| instances.insert(kind, instance.clone()));
    Ok(instance)
}

/// Returns the settings of a kind's client, for pages of this origin.
pub(super) fn settings(
    kind: ClientKind,
    storage: Storage,
    public: confidant_wire::PublicClient,
    origin: &str,
) -> Settings {
    let bound = storage == Storage::Page { bound: true };
    Settings {
        issuer: public.issuer,
        client_id: public.client_id,
        redirect_uri: format!("{origin}/{kind}{}", routes::CALLBACK),
        scopes: public.scopes,
        storage: confidant_browser::Storage::Local,
        binding: if bound {
            TokenBinding::Dpop
        } else {
            TokenBinding::Bearer
        },
        profile: profile(public.profile, bound),
        apis: public
            .apis
            .iter()
            .filter_map(|api| ApiPrefix::new(api).ok())
            .collect(),
        namespace: kind.to_string(),
        post_logout_redirect_uri: Some(format!("{origin}/")),
        trusted_audiences: public.trusted_audiences,
    }
}

/// Reads the profile that the server sent. A page that cannot read it, because the
/// server is of another version, makes the careful assumptions of the default, which
/// are safe with every provider.
fn profile(sent: Claims, bound: bool) -> ProviderProfile {
    let mut profile: ProviderProfile = serde_json::from_value(sent.into()).unwrap_or_default();
    if bound {
        // Refresh tokens that are bound to a key need not rotate (RFC 10017,
        // section 6.3.2.3).
        profile.reuse = Reuse::Reusable;
    }
    profile
}

impl Instance {
    pub(super) fn provider(&self) -> &ProviderView {
        &self.0.provider
    }

    pub(super) async fn start(&self, return_to: &str) -> Result<String, Error> {
        either!(self, client => client.start(return_to).await)
    }

    pub(super) async fn start_silently(&self, return_to: &str) -> Result<String, Error> {
        either!(self, client => client.start_silently(return_to).await)
    }

    pub(super) async fn finish(&self, response: AuthorizationResponse) -> Result<String, Error> {
        match either!(self, client => client.finish(&response).await) {
            // The back button, or a link followed twice: on to what it started.
            Err(error) if error.kind == ErrorKind::AlreadyFinished => {
                let session = either!(self, client => client.session().await?);
                match session.signed_in {
                    Some(_) => Ok(Page::Menu.path(self.0.kind)),
                    None => Err(error),
                }
            }
            finished => finished,
        }
    }

    pub(super) async fn refresh(&self) -> Result<(), Error> {
        either!(self, client => client.refresh().await.map(drop))
    }

    pub(super) async fn expire(&self) -> Result<(), Error> {
        either!(self, client => client.expire().await.map(drop))
    }

    /// Returns the token view, and the tokens that the page has.
    pub(super) async fn token(&self) -> Result<(TokenView, ExposedTokens), Error> {
        match &self.0.client {
            Client::Page(client) => {
                let held = client.token().await?;
                let view = held.view();
                let exposed = ExposedTokens {
                    access: Some(held.access_token),
                    refresh: held.refresh_token,
                };
                Ok((view, exposed))
            }
            // The worker shows its tokens to no page.
            Client::Worker(client) => Ok((client.token().await?, ExposedTokens::default())),
        }
    }

    pub(super) async fn profile(&self) -> Result<Claims, Error> {
        either!(self, client => client.profile().await)
    }

    pub(super) async fn validate(&self) -> Result<Validation, Error> {
        either!(self, client => client.validate().await)
    }

    pub(super) async fn report(&self) -> Report {
        either!(self, client => client.report().await)
    }

    /// Returns the session, or why there is none.
    pub(super) async fn session(&self) -> Result<SignedIn, Problem> {
        let session = either!(self, client => client.session().await?);
        match (session.signed_in, session.ended) {
            (_, Some(ended)) => Err(ended.into()),
            (Some(session), None) => Ok(session),
            (None, None) => Err(not_signed_in()),
        }
    }

    pub(super) async fn sign_out(&self) -> Result<(), Error> {
        either!(self, client => client.sign_out().await.map(drop))
    }
}
