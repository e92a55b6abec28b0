//! Why the library cannot be built.

use crate::{
    provider::UnknownProfile,
    settings::ProviderProblem,
    store::{BadUrl, KeyError, OpenError, StoreUrl},
};
use std::error::Error;

/// Why a [`Bff`](crate::Bff) cannot be built. Each names the setting and what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BuildError {
    /// The public URL is not an https URL, nor an http URL of this machine.
    #[error(
        "public_url: {0:?} is not usable: expected an https URL without query, or http://localhost"
    )]
    PublicUrl(String),
    /// No provider is configured.
    #[error("provider: none is configured: add one with `.provider(Provider::discover(…))`")]
    NoProvider,
    /// Two providers share an id.
    #[error("provider: two have the id {0:?}: give each an id of its own")]
    DuplicateProvider(String),
    /// A provider has no client identifier.
    #[error("provider {0}: no client is registered: add `.client(id, secret)`")]
    NoClient(String),
    /// The settings of a provider leave out a defence, or cannot work.
    #[error("provider {provider}: {problem}")]
    Provider {
        /// The id of the provider.
        provider: String,
        /// What is wrong.
        problem: ProviderProblem,
    },
    /// A provider names a profile that does not exist.
    #[error(transparent)]
    UnknownProfile(#[from] UnknownProfile),
    /// Two APIs share an id.
    #[error("api: two have the id {0:?}: give each an id of its own")]
    DuplicateApi(String),
    /// An API names a provider that is not configured, or none although there
    /// are several.
    #[error(
        "api {api}: there is no provider {provider:?}: name the provider whose tokens it takes with `.provider(id)`"
    )]
    UnknownProvider {
        /// The id of the API.
        api: String,
        /// The provider it names.
        provider: String,
    },
    /// A path cannot be served.
    #[error("{setting}: {path:?} is no usable path: expected one like /auth")]
    Path {
        /// The setting.
        setting: &'static str,
        /// Its value.
        path: String,
    },
    /// No store is configured.
    #[error("store: none is configured: add `.store(\"sqlite:sessions.db\")`, or postgres://…")]
    NoStore,
    /// The store's URL is malformed.
    #[error("store: {0}")]
    StoreUrl(#[from] BadUrl),
    /// The store cannot be opened.
    #[error("store: {store} cannot be opened: check that it is reachable and writable")]
    Store {
        /// The store's URL, without its password.
        store: StoreUrl,
        /// Why not.
        source: OpenError,
    },
    /// No key file is configured.
    #[error("key_file: none is configured: add `.key_file(path)`, or `.create_key_file(path)`")]
    NoKeyFile,
    /// The key file cannot be used.
    #[error("key_file: {0}")]
    KeyFile(#[from] KeyError),
    /// The HTTP client cannot be set up.
    #[error("the HTTP client cannot be set up: check the TLS certificates of this machine")]
    Http(#[source] Box<dyn Error + Send + Sync>),
}
