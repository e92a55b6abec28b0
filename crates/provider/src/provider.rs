//! The running provider, which all endpoints share.

use std::sync::{Arc, Mutex, PoisonError};

use thiserror::Error;

use crate::{
    clock::{Clock, SystemClock, UnixTime},
    config::{Client, Config, ConfigError, Framing},
    dpop::verifier::DpopVerifier,
    policy::{Policy, RefreshLifetime},
    randomness::{Randomness, SystemRandomness, random_token},
    records::{
        state_file::{self, StateFile, StateFileError, StoredKeys},
        store::Records,
    },
    settings::Settings,
    signing_key::{SigningKey, SigningKeyError},
    state::{State, StateStore},
};

/// The provider cannot start.
#[derive(Debug, Error)]
pub enum StartError {
    /// The configuration is invalid.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The signing key cannot be generated or read.
    #[error(transparent)]
    Key(#[from] SigningKeyError),
    /// The state file cannot be read or written.
    #[error(transparent)]
    File(#[from] StateFileError),
}

/// A running provider. Clones share their state.
#[derive(Clone)]
pub struct Provider(Arc<Parts>);

struct Parts {
    config: Config,
    clock: Box<dyn Clock>,
    randomness: Box<dyn Randomness>,
    signing_key: SigningKey,
    derivation_key: String,
    dpop: DpopVerifier,
    state: StateStore,
    /// May be locked while the state is locked, but not the other way round.
    settings: Mutex<Settings>,
}

impl Provider {
    /// Starts a provider with the system's clock and randomness.
    ///
    /// # Errors
    /// When the configuration is invalid, or the state file cannot be used.
    pub fn start(config: Config) -> Result<Self, StartError> {
        Self::start_with(config, SystemClock, SystemRandomness)
    }

    /// Starts a provider with the caller's clock and randomness.
    ///
    /// # Errors
    /// When the configuration is invalid, or the state file cannot be used.
    pub fn start_with(
        config: Config,
        clock: impl Clock,
        randomness: impl Randomness,
    ) -> Result<Self, StartError> {
        config.validate()?;
        let stored = match &config.state_file {
            Some(path) => state_file::load(path)?,
            None => None,
        };
        let (signing_key, derivation_key, records) = match stored {
            Some((keys, records)) => {
                let signing_key = SigningKey::from_stored(&keys.signing_key)?;
                (signing_key, keys.derivation_key, records)
            }
            None => {
                let signing_key = SigningKey::generate(&randomness)?;
                let derivation_key = random_token(&randomness, "");
                (signing_key, derivation_key, Records::default())
            }
        };
        let file = config.state_file.clone().map(|path| StateFile {
            path,
            keys: StoredKeys {
                signing_key: signing_key.to_stored(),
                derivation_key: derivation_key.clone(),
            },
        });
        Ok(Self(Arc::new(Parts {
            dpop: DpopVerifier::new(random_token(&randomness, "")),
            state: StateStore::open(records, file)?,
            settings: Mutex::default(),
            config,
            clock: Box::new(clock),
            randomness: Box::new(randomness),
            signing_key,
            derivation_key,
        })))
    }

    pub(crate) fn config(&self) -> &Config {
        &self.0.config
    }

    pub(crate) fn signing_key(&self) -> &SigningKey {
        &self.0.signing_key
    }

    /// Returns the secret from which CSRF tokens and repeatable refresh tokens
    /// are derived. Labels separate the two uses.
    pub(crate) fn derivation_key(&self) -> &str {
        &self.0.derivation_key
    }

    pub(crate) fn randomness(&self) -> &dyn Randomness {
        self.0.randomness.as_ref()
    }

    pub(crate) fn dpop(&self) -> &DpopVerifier {
        &self.0.dpop
    }

    /// Returns the time by the provider's clock.
    pub(crate) fn now(&self) -> UnixTime {
        let offset = self.settings(|settings| settings.clock.provider_ms);
        self.0.clock.now().shifted(offset)
    }

    /// Returns the time by the API's clock.
    pub(crate) fn api_now(&self) -> UnixTime {
        let offset = self.settings(|settings| settings.clock.api_ms);
        self.0.clock.now().shifted(offset)
    }

    /// Returns the time without any offset, for what clients cannot observe.
    pub(crate) fn unshifted_now(&self) -> UnixTime {
        self.0.clock.now()
    }

    /// Reads or changes the runtime settings.
    pub(crate) fn settings<T>(&self, access: impl FnOnce(&mut Settings) -> T) -> T {
        let settings = self.0.settings.lock();
        access(&mut settings.unwrap_or_else(PoisonError::into_inner))
    }

    /// Returns whether authorization requests work in an iframe at present.
    pub(crate) fn framing(&self) -> Framing {
        let framing = self.settings(|settings| settings.framing);
        framing.unwrap_or(self.0.config.framing)
    }

    /// Returns the present policy of `client`.
    pub(crate) fn policy(&self, client: &Client) -> Policy {
        let change = self.settings(|settings| settings.policies.get(&client.id).copied());
        change.unwrap_or_default().apply_to(&client.policy)
    }

    /// Returns the present lifetime of the refresh tokens of `client`. Those of
    /// a client that is no longer registered have expired.
    pub(crate) fn refresh_lifetime(&self, client: &str) -> RefreshLifetime {
        match self.0.config.client(client) {
            Some(client) => self.policy(client).refresh.lifetime,
            None => RefreshLifetime::FixedFromFirst(std::time::Duration::ZERO),
        }
    }

    /// Reads the state.
    pub(crate) fn read<T>(&self, read: impl FnOnce(&State, UnixTime) -> T) -> T {
        let state = self.0.state.lock();
        read(&state, self.now())
    }

    /// Changes parts of the state that need not survive a restart.
    pub(crate) fn update_volatile<T>(&self, change: impl FnOnce(&mut State, UnixTime) -> T) -> T {
        let mut state = self.0.state.lock();
        change(&mut state, self.now())
    }

    /// Changes the state, removes expired records, and saves the rest.
    pub(crate) fn update<T>(&self, change: impl FnOnce(&mut State, UnixTime) -> T) -> T {
        self.0.state.update(|state| {
            let now = self.now();
            let lifetime = |client: &str| self.refresh_lifetime(client);
            state.records.remove_expired(lifetime, now);
            change(state, now)
        })
    }
}
