//! The provider itself: configuration, key, clock, randomness, and its state.

use std::sync::{Arc, Mutex, PoisonError};

use thiserror::Error;
use url::Url;

use crate::{
    clock::{Clock, SystemClock, UnixTime},
    config::Config,
    demo::{decisions::DecisionLog, requests::RequestCounts},
    randomness::{Randomness, SystemRandomness, random_token},
    records::{Issuer, Records, file},
    refresh::policy::RefreshLifetime,
    signing::{BadKey, SigningKey},
};

/// Why a provider cannot start.
#[derive(Debug, Error)]
pub enum StartError {
    /// The issuer is no `http` or `https` address without a path.
    #[error("the issuer {0:?} must be http://host:port without path, query or fragment")]
    Issuer(String),
    /// A redirect URI is none.
    #[error("the redirect URI {uri:?} of client {client:?} must be absolute, without a fragment")]
    RedirectUri {
        /// The client's id.
        client: String,
        /// The address as configured.
        uri: String,
    },
    /// Two clients, or two people, cannot be told apart.
    #[error("{0:?} is configured twice")]
    Twice(String),
    /// The signing key cannot be made or read.
    #[error(transparent)]
    Key(#[from] BadKey),
    /// The state file cannot be used.
    #[error(transparent)]
    File(#[from] file::FileError),
}

/// A running provider. Clones share everything.
#[derive(Clone)]
pub struct Provider(Arc<Parts>);

struct Parts {
    config: Config,
    clock: Box<dyn Clock>,
    randomness: Box<dyn Randomness>,
    key: SigningKey,
    form_key: String,
    state: Mutex<State>,
}

/// Everything that changes, behind one lock, so that no two requests see
/// different halves of a change.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) records: Records,
    pub(crate) decisions: DecisionLog,
    pub(crate) requests: RequestCounts,
}

impl Provider {
    /// Starts a provider on the machine's clock and randomness.
    pub fn start(config: Config) -> Result<Self, StartError> {
        Self::start_with(config, SystemClock, SystemRandomness)
    }

    /// Starts a provider on a clock and randomness of the caller's.
    pub fn start_with(
        config: Config,
        clock: impl Clock,
        randomness: impl Randomness,
    ) -> Result<Self, StartError> {
        check(&config)?;
        let stored = match &config.state_file {
            Some(path) => file::load(path)?,
            None => None,
        };
        let (key, form_key, records) = match stored {
            Some(stored) => {
                let key = SigningKey::restore(&stored.signing_key)?;
                (key, stored.form_key, stored.records)
            }
            None => {
                let key = SigningKey::generate(&randomness)?;
                (key, random_token(&randomness, ""), Records::default())
            }
        };
        let provider = Self(Arc::new(Parts {
            config,
            clock: Box::new(clock),
            randomness: Box::new(randomness),
            key,
            form_key,
            state: Mutex::new(State {
                records,
                ..State::default()
            }),
        }));
        // So that the key survives a restart before the first sign-in, and a
        // file that cannot be written is known now.
        provider.save(
            &provider
                .0
                .state
                .lock()
                .unwrap_or_else(PoisonError::into_inner),
        )?;
        Ok(provider)
    }

    pub(crate) fn config(&self) -> &Config {
        &self.0.config
    }

    pub(crate) fn key(&self) -> &SigningKey {
        &self.0.key
    }

    pub(crate) fn form_key(&self) -> &str {
        &self.0.form_key
    }

    pub(crate) fn randomness(&self) -> &dyn Randomness {
        self.0.randomness.as_ref()
    }

    pub(crate) fn now(&self) -> UnixTime {
        self.0.clock.now()
    }

    /// What issuing tokens needs.
    pub(crate) fn issuer(&self, now: UnixTime) -> Issuer<'_> {
        Issuer {
            now,
            access_token_lifetime: self.0.config.access_token_lifetime,
            randomness: self.randomness(),
        }
    }

    /// How long refresh tokens of `client` live.
    pub(crate) fn refresh_lifetime(&self, client: &str) -> RefreshLifetime {
        let client = self.0.config.client(client);
        // A client that is registered no longer keeps nothing alive.
        let gone = RefreshLifetime::FixedFromFirst(std::time::Duration::ZERO);
        client.map_or(gone, |client| client.policy.refresh.lifetime)
    }

    /// Looks at the state.
    pub(crate) fn read<T>(&self, look: impl FnOnce(&State, UnixTime) -> T) -> T {
        let state = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
        look(&state, self.now())
    }

    /// Notes something that need not survive a restart.
    pub(crate) fn note<T>(&self, note: impl FnOnce(&mut State, UnixTime) -> T) -> T {
        let mut state = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
        note(&mut state, self.now())
    }

    /// Changes the state, and stores it before anybody hears of the change.
    pub(crate) fn change<T>(&self, change: impl FnOnce(&mut State, UnixTime) -> T) -> T {
        let mut state = self.0.state.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.now();
        let lifetime = |client: &str| self.refresh_lifetime(client);
        state.records.sweep(lifetime, now);
        let result = change(&mut state, now);
        if let Err(error) = self.save(&state) {
            tracing::error!(%error, "the provider's state was not stored");
        }
        result
    }

    fn save(&self, state: &State) -> Result<(), file::FileError> {
        match &self.0.config.state_file {
            Some(path) => {
                let key = self.0.key.stored();
                file::save(path, &key, &self.0.form_key, &state.records)
            }
            None => Ok(()),
        }
    }
}

fn check(config: &Config) -> Result<(), StartError> {
    let issuer = Url::parse(&config.issuer).ok();
    let plain = issuer.is_some_and(|url| {
        matches!(url.scheme(), "http" | "https")
            && url.origin().ascii_serialization() == config.issuer
    });
    if !plain {
        return Err(StartError::Issuer(config.issuer.clone()));
    }
    for client in &config.clients {
        for uri in &client.redirect_uris {
            if Url::parse(uri).map_or(true, |url| url.fragment().is_some()) {
                return Err(StartError::RedirectUri {
                    client: client.id.clone(),
                    uri: uri.clone(),
                });
            }
        }
    }
    let mut names: Vec<&str> = config.clients.iter().map(|c| c.id.as_str()).collect();
    names.extend(config.people.iter().map(|person| person.username.as_str()));
    names.extend(config.people.iter().map(|person| person.subject.as_str()));
    names.sort_unstable();
    match names.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(StartError::Twice(pair[0].to_owned())),
        None => Ok(()),
    }
}
