//! The provider itself: configuration, key, clock, randomness, and its state.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use thiserror::Error;
use url::Url;

use crate::{
    clock::{Clock, SystemClock, UnixTime},
    config::{Client, Config, Framing},
    decision_log::DecisionLog,
    dpop::{key::Thumbprint, nonce, replay::ReplayCache},
    policy::{DpopNonce, Policy, RefreshLifetime},
    randomness::{Randomness, SystemRandomness, random_token},
    records::{IssueContext, Records, state_file},
    request_counts::RequestCounts,
    settings::Settings,
    signing_key::{SigningKey, SigningKeyError},
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
    Duplicate(String),
    /// The signing key cannot be made or read.
    #[error(transparent)]
    Key(#[from] SigningKeyError),
    /// The state file cannot be used.
    #[error(transparent)]
    File(#[from] state_file::StateFileError),
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
    /// New at each start, so that a proof of before, which is forgotten, is
    /// refused for its nonce.
    nonce_key: String,
    state: Mutex<State>,
    /// May be locked while the state is, never the other way round.
    settings: Mutex<Settings>,
}

/// Everything that changes, behind one lock, so that no two requests see
/// different halves of a change.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) records: Records,
    pub(crate) decisions: DecisionLog,
    pub(crate) requests: RequestCounts,
    pub(crate) proofs: ReplayCache,
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
            Some(path) => state_file::load(path)?,
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
        let nonce_key = random_token(&randomness, "");
        let provider = Self(Arc::new(Parts {
            nonce_key,
            config,
            clock: Box::new(clock),
            randomness: Box::new(randomness),
            key,
            form_key,
            state: Mutex::new(State {
                records,
                ..State::default()
            }),
            settings: Mutex::default(),
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

    /// The time by the provider's clock.
    pub(crate) fn now(&self) -> UnixTime {
        let offset = self.settings(|settings| settings.clock.provider_ms);
        self.0.clock.now().shifted(offset)
    }

    /// The time by the clock of the API.
    pub(crate) fn api_now(&self) -> UnixTime {
        let offset = self.settings(|settings| settings.clock.api_ms);
        self.0.clock.now().shifted(offset)
    }

    /// The time by neither. What only the provider itself looks at does not
    /// become wrong with a clock that others see.
    pub(crate) fn system_time(&self) -> UnixTime {
        self.0.clock.now()
    }

    /// The nonce for DPoP proofs at present, at the provider and the API.
    pub(crate) fn dpop_nonce(&self) -> String {
        nonce::current(&self.0.nonce_key, self.system_time())
    }

    /// Whether a proof may carry `nonce`.
    pub(crate) fn dpop_nonce_is_valid(&self, nonce: &str) -> bool {
        nonce::is_valid(&self.0.nonce_key, nonce, self.system_time())
    }

    /// The nonce that a client with `policy` is told with each good answer.
    pub(crate) fn next_dpop_nonce(&self, policy: &Policy) -> Option<String> {
        (policy.dpop_nonce == DpopNonce::Required).then(|| self.dpop_nonce())
    }

    /// Looks at what is set at run time, or changes it.
    pub(crate) fn settings<T>(&self, act: impl FnOnce(&mut Settings) -> T) -> T {
        let settings = self.0.settings.lock();
        act(&mut settings.unwrap_or_else(PoisonError::into_inner))
    }

    /// Whether the authorization endpoint answers inside a frame at present.
    pub(crate) fn framing(&self) -> Framing {
        let set = self.settings(|settings| settings.framing);
        set.unwrap_or(self.0.config.framing)
    }

    /// How `client` is treated at present.
    pub(crate) fn policy(&self, client: &Client) -> Policy {
        let change = self.settings(|settings| settings.policies.get(&client.id).copied());
        change.unwrap_or_default().apply(&client.policy)
    }

    /// How long access tokens of a client with `policy` live.
    pub(crate) fn access_token_lifetime(&self, policy: &Policy) -> Duration {
        policy
            .access_token_lifetime
            .unwrap_or(self.0.config.access_token_lifetime)
    }

    /// What issuing tokens to `client` needs, which has proved `key`.
    pub(crate) fn issue_context<'a>(
        &'a self,
        client: &Client,
        key: Option<&'a Thumbprint>,
        now: UnixTime,
    ) -> IssueContext<'a> {
        IssueContext {
            now,
            access_token_lifetime: self.access_token_lifetime(&self.policy(client)),
            randomness: self.randomness(),
            // Lies in the state file already, and labels keep its uses apart.
            successor_key: &self.0.form_key,
            key,
            binds_refresh_tokens: !client.is_confidential(),
        }
    }

    /// How long refresh tokens of `client` live.
    pub(crate) fn refresh_lifetime(&self, client: &str) -> RefreshLifetime {
        let client = self.0.config.client(client);
        // A client that is registered no longer keeps nothing alive.
        let gone = RefreshLifetime::FixedFromFirst(Duration::ZERO);
        client.map_or(gone, |client| self.policy(client).refresh.lifetime)
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
        state.records.remove_expired(lifetime, now);
        let result = change(&mut state, now);
        if let Err(error) = self.save(&state) {
            tracing::error!(%error, "the provider's state was not stored");
        }
        result
    }

    fn save(&self, state: &State) -> Result<(), state_file::StateFileError> {
        match &self.0.config.state_file {
            Some(path) => {
                let key = self.0.key.stored();
                state_file::save(path, &key, &self.0.form_key, &state.records)
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
    names.extend(config.users.iter().map(|user| user.username.as_str()));
    names.extend(config.users.iter().map(|user| user.subject.as_str()));
    names.sort_unstable();
    match names.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(StartError::Duplicate(pair[0].to_owned())),
        None => Ok(()),
    }
}
