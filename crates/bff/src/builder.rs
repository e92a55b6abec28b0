//! Building the library: settings, store, keys.

use crate::{
    Bff, BuildError, background,
    clock::{Clock, SystemClock},
    components::Components,
    exchange_log::ExchangeLog,
    forward::{self, Forwarder},
    http_client::HttpClient,
    metrics::Metrics,
    provider::Providers,
    random::{Random, SystemRandom},
    refresh::{RefreshEngine, Timing},
    session::Sessions,
    settings::{Api, Names, Paths, Provider, SessionSettings, Settings},
    store::{self, BadUrl, CachedStore, Store, StoreUrl, TokenCipher},
    token_source::TokenSource,
};
use confidant_protocol::loopback::is_loopback;
use std::{
    collections::BTreeSet,
    path::PathBuf,
    sync::{Arc, Mutex, OnceLock},
    time::Duration,
};
use url::Url;

/// Builds a [`Bff`]. Providers, a store and a key file are required; everything
/// else has a default.
#[must_use = "a builder does nothing until `build` is called"]
pub struct BffBuilder {
    settings: Result<Settings, BuildError>,
    store: Option<StoreSource>,
    keys: Option<KeySource>,
    clock: Arc<dyn Clock>,
    random: Arc<dyn Random>,
    #[cfg(feature = "axum")]
    error_page: crate::axum::ErrorPage,
}

enum StoreSource {
    Url(Result<StoreUrl, BadUrl>),
    Opened(Arc<dyn Store>),
}

enum KeySource {
    File(PathBuf),
    CreatedFile(PathBuf),
}

impl Bff {
    /// Starts to build a backend for an application that browsers reach at
    /// this URL.
    pub fn builder(public_url: &str) -> BffBuilder {
        BffBuilder::new(public_url)
    }
}

impl BffBuilder {
    fn new(public_url: &str) -> Self {
        Self::from_result(
            Url::parse(public_url)
                .ok()
                .filter(is_usable)
                .map(Settings::new)
                .ok_or_else(|| BuildError::PublicUrl(public_url.to_owned())),
        )
    }

    /// Starts from settings that were read from elsewhere.
    pub fn from_settings(settings: Settings) -> Self {
        Self::from_result(Ok(settings))
    }

    fn from_result(settings: Result<Settings, BuildError>) -> Self {
        Self {
            settings,
            store: None,
            keys: None,
            clock: Arc::new(SystemClock),
            random: Arc::new(SystemRandom),
            #[cfg(feature = "axum")]
            error_page: crate::axum::ErrorPage::default(),
        }
    }

    fn with(mut self, set: impl FnOnce(&mut Settings)) -> Self {
        if let Ok(settings) = &mut self.settings {
            set(settings);
        }
        self
    }

    /// Adds a provider that users can sign in with.
    pub fn provider(self, provider: Provider) -> Self {
        self.with(|settings| settings.providers.push(provider))
    }

    /// Adds an API that requests are forwarded to.
    pub fn api(self, api: Api) -> Self {
        self.with(|settings| settings.apis.push(api))
    }

    /// Sets the store: `sqlite:FILE` or `postgres://…`.
    pub fn store(self, url: &str) -> Self {
        Self {
            store: Some(StoreSource::Url(url.parse())),
            ..self
        }
    }

    /// Sets a store whose URL has parsed already.
    pub fn store_url(self, url: StoreUrl) -> Self {
        Self {
            store: Some(StoreSource::Url(Ok(url))),
            ..self
        }
    }

    /// Sets a store of the application's own.
    pub fn store_instance(self, store: Arc<dyn Store>) -> Self {
        Self {
            store: Some(StoreSource::Opened(store)),
            ..self
        }
    }

    /// Sets the file with the keys that encrypt tokens in the store. Only its
    /// owner may be able to read it.
    pub fn key_file(self, path: impl Into<PathBuf>) -> Self {
        Self {
            keys: Some(KeySource::File(path.into())),
            ..self
        }
    }

    /// Does the same, and creates the file when it does not exist: for
    /// development, or with a volume that lasts.
    pub fn create_key_file(self, path: impl Into<PathBuf>) -> Self {
        Self {
            keys: Some(KeySource::CreatedFile(path.into())),
            ..self
        }
    }

    /// Sets how long sessions live.
    pub fn session(self, session: SessionSettings) -> Self {
        self.with(|settings| settings.session = session)
    }

    /// Sets the deadline of token requests; leases and pauses follow from it.
    pub fn refresh_deadline(self, deadline: Duration) -> Self {
        self.with(|settings| {
            let refresh_ahead = settings.timing.ahead;
            settings.timing = Timing {
                ahead: refresh_ahead,
                ..Timing::with_deadline(deadline)
            };
        })
    }

    /// Sets names of cookies, metrics and the user agent.
    pub fn names(self, names: Names) -> Self {
        self.with(|settings| settings.names = names)
    }

    /// Sets the paths of the router.
    pub fn paths(self, paths: Paths) -> Self {
        self.with(|settings| settings.paths = paths)
    }

    /// Redirects users who open a page without a session to the sign-in page.
    /// By default they get 401.
    pub fn redirect_to_sign_in(self) -> Self {
        self.with(|settings| settings.redirect_to_sign_in = true)
    }

    /// Keeps each session's recent HTTP exchanges in memory, tokens replaced by
    /// fingerprints, for the user to see.
    pub fn exchange_log(self) -> Self {
        self.with(|settings| settings.exchange_log = true)
    }

    /// Sets the page that reports errors to users.
    #[cfg(feature = "axum")]
    pub fn error_page(self, error_page: crate::axum::ErrorPage) -> Self {
        Self { error_page, ..self }
    }

    /// Sets the clock, for tests.
    pub fn clock(self, clock: Arc<dyn Clock>) -> Self {
        Self { clock, ..self }
    }

    /// Sets the source of randomness, for tests.
    pub fn random(self, random: Arc<dyn Random>) -> Self {
        Self { random, ..self }
    }

    /// Checks the settings, opens the store and starts the background task.
    /// Contacts no provider before it returns.
    ///
    /// # Errors
    /// A [`BuildError`] that names the setting and what to do.
    pub async fn build(self) -> Result<Bff, BuildError> {
        let mut settings = self.settings?;
        check(&mut settings)?;
        let store = self.store.ok_or(BuildError::NoStore)?;
        let store = match store {
            StoreSource::Opened(store) => store,
            StoreSource::Url(url) => {
                let keys = self.keys.ok_or(BuildError::NoKeyFile)?;
                open(url?, keys, self.random.clone()).await?
            }
        };
        let (clock, random) = (self.clock, self.random);
        let metrics = Metrics::with_prefix(&settings.names.metric_prefix);
        let exchange_log = ExchangeLog::new(settings.exchange_log);
        let http = HttpClient::new(
            clock.clone(),
            exchange_log.clone(),
            &settings.names.user_agent,
        )
        .map_err(|error| BuildError::Http(error.into()))?;
        let providers = Providers::new(&settings, &http)?;
        let store = Arc::new(CachedStore::new(store, clock.clone()));
        let engine = RefreshEngine::new(
            store.clone(),
            Arc::new(providers.clone()),
            clock.clone(),
            random.clone(),
            metrics.clone(),
            settings.timing,
        );
        let sessions = Sessions::new(store.clone(), &settings, clock.clone());
        let tokens = TokenSource::new(engine.clone(), store, clock.clone());
        let context = forward::Context::new(
            &settings.paths,
            sessions.clone(),
            tokens.clone(),
            exchange_log.clone(),
            metrics.clone(),
            clock.clone(),
        )
        .map_err(BuildError::Http)?;
        let forwarder = Forwarder::new(&settings, context).map_err(BuildError::Http)?;
        let components = Arc::new(Components {
            sessions,
            tokens,
            rate_limit: Mutex::default(),
            background: OnceLock::new(),
            settings,
            providers,
            engine,
            forwarder,
            exchange_log,
            metrics,
            clock,
            random,
            #[cfg(feature = "axum")]
            error_page: self.error_page,
        });
        let task = background::spawn(Arc::downgrade(&components));
        // The cell is new, so it is empty.
        let _ = components.background.set(task);
        Ok(Bff::new(components))
    }
}

/// Checks settings that depend on each other, and completes APIs that name no
/// provider.
fn check(settings: &mut Settings) -> Result<(), BuildError> {
    if let Some((setting, path)) = settings.paths.first_malformed() {
        return Err(BuildError::Path {
            setting,
            path: path.to_owned(),
        });
    }
    let mut ids = BTreeSet::new();
    for provider in &settings.providers {
        if !ids.insert(provider.id.as_str()) {
            return Err(BuildError::DuplicateProvider(provider.id.clone()));
        }
        if provider.client_id.is_empty() {
            return Err(BuildError::NoClient(provider.id.clone()));
        }
        let one_of_several = settings.providers.len() > 1;
        if let Some(problem) = provider.problems(one_of_several).first() {
            return Err(BuildError::Provider {
                provider: provider.id.clone(),
                problem: *problem,
            });
        }
    }
    let only_provider = match &settings.providers[..] {
        [] => return Err(BuildError::NoProvider),
        [only] => Some(only.id.clone()),
        _ => None,
    };
    let mut api_ids = BTreeSet::new();
    for api in &mut settings.apis {
        if !api_ids.insert(api.id.clone()) {
            return Err(BuildError::DuplicateApi(api.id.clone()));
        }
        if let (true, Some(only)) = (api.provider.is_empty(), &only_provider) {
            api.provider.clone_from(only);
        }
        if !ids.contains(api.provider.as_str()) {
            return Err(BuildError::UnknownProvider {
                api: api.id.clone(),
                provider: api.provider.clone(),
            });
        }
    }
    Ok(())
}

async fn open(
    url: StoreUrl,
    keys: KeySource,
    random: Arc<dyn Random>,
) -> Result<Arc<dyn Store>, BuildError> {
    let cipher = match keys {
        KeySource::File(path) => TokenCipher::open(&path)?,
        KeySource::CreatedFile(path) => TokenCipher::open_or_create(&path, random.as_ref())?,
    };
    store::open(&url, Arc::new(cipher), random)
        .await
        .map_err(|source| BuildError::Store { store: url, source })
}

/// Cookies with the prefix `__Host-` need https, or this machine.
fn is_usable(url: &Url) -> bool {
    let is_secure = match url.scheme() {
        "https" => true,
        "http" => url.host_str().is_some_and(is_loopback),
        _ => false,
    };
    is_secure && url.query().is_none() && url.fragment().is_none()
}
