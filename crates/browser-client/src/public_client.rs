//! The public client: its operations, put together from their parts.

use crate::{
    Browser, Error,
    dpop::transport::ProofTransport,
    exchange_log::ExchangeLog,
    grant_store::GrantStore,
    platform::Platform,
    provider::discovery::Discovery,
    refresh::{cooldown::Cooldown, refresher::Refresher},
    resource::{ApiResponse, Resources, api_request},
    revocation::Revocation,
    session::{Session, SignedIn, SignedOut},
    settings::{KeyPrefix, Settings},
    sign_in::{attempts::SignInAttempts, code_flow::CodeFlow},
    sign_out::SignOut,
    tab_lock::TabLock,
    tab_sync::TabSync,
    token::{clock::TokenClock, grant::Grant, record::StoredRecord, stored_tokens::StoredTokens},
    token_endpoint::TokenEndpoint,
    transport::Transport,
};
use confidant_protocol::{AuthorizationResponse, refresh_policy::Freshness};
use confidant_wire::{Cause, Claims, Party, Report, Validation};
use std::rc::Rc;

/// A public OAuth client at one provider (RFC 10017, section 6.3). A clone is
/// the same client. Keep one for as long as the page lives: it remembers when it
/// first saw each token.
///
/// Every operation may fail with [`StorageBlocked`](crate::ErrorKind) or
/// [`StorageFull`](crate::ErrorKind), and those that send a request with
/// [`Unreachable`](crate::ErrorKind), [`TimedOut`](crate::ErrorKind) and
/// [`ProviderMisbehaved`](crate::ErrorKind).
pub struct PublicClient<P> {
    parts: Rc<Parts<P>>,
}

struct Parts<P> {
    settings: Rc<Settings>,
    attempts: SignInAttempts<P>,
    code_flow: CodeFlow<P>,
    refresher: Refresher<P>,
    resources: Resources<P>,
    sign_out: SignOut<P>,
    grants: GrantStore<P>,
    clock: TokenClock<P>,
    lock: TabLock<P>,
    log: ExchangeLog<P>,
}

impl<P> Clone for PublicClient<P> {
    fn clone(&self) -> Self {
        Self {
            parts: self.parts.clone(),
        }
    }
}

impl PublicClient<Browser> {
    /// Creates a client with these settings in this browser.
    pub fn new(settings: Settings) -> Self {
        Self::on(Browser, settings)
    }
}

impl<P: Platform> PublicClient<P> {
    /// Creates a client with these settings on another platform.
    pub fn on(platform: P, settings: Settings) -> Self {
        let prefix = KeyPrefix::of(&settings);
        let settings = Rc::new(settings);
        let log = ExchangeLog::new(platform.clone(), &prefix);
        let transport = Transport::new(platform.clone(), log.clone());
        let proof_transport =
            ProofTransport::new(platform.clone(), transport.clone(), &settings, &prefix);
        let discovery = Discovery::new(transport.clone(), &settings.issuer);
        let endpoint =
            TokenEndpoint::new(platform.clone(), proof_transport.clone(), settings.clone());
        let grants = GrantStore::new(platform.clone(), &settings, &prefix);
        let scope = grants.scope();
        let clock = TokenClock::new(platform.clone());
        let lock = TabLock::new(platform.clone(), scope, &prefix);
        let cooldown = Cooldown::new(platform.clone());
        let attempts = SignInAttempts::new(
            platform.clone(),
            settings.clone(),
            discovery.clone(),
            &prefix,
        );
        let revocation = Revocation::new(discovery.clone(), transport.clone(), &settings.client_id);
        let refresher = Refresher {
            platform: platform.clone(),
            settings: settings.clone(),
            grants: grants.clone(),
            clock: clock.clone(),
            lock: lock.clone(),
            sync: TabSync::start(platform.clone(), scope, &prefix),
            discovery: discovery.clone(),
            endpoint: endpoint.clone(),
            cooldown: cooldown.clone(),
            log: log.clone(),
        };
        let resources = Resources {
            refresher: refresher.clone(),
            grants: grants.clone(),
            discovery: discovery.clone(),
            transport,
            proof_transport,
            binding: settings.binding,
        };
        let sign_out = SignOut {
            settings: settings.clone(),
            grants: grants.clone(),
            lock: lock.clone(),
            discovery: discovery.clone(),
            revocation: revocation.clone(),
            log: log.clone(),
        };
        let code_flow = CodeFlow {
            platform,
            settings: settings.clone(),
            attempts: attempts.clone(),
            grants: grants.clone(),
            clock: clock.clone(),
            lock: lock.clone(),
            discovery,
            endpoint,
            revocation,
            cooldown,
            log: log.clone(),
        };
        Self {
            parts: Rc::new(Parts {
                settings,
                attempts,
                code_flow,
                refresher,
                resources,
                sign_out,
                grants,
                clock,
                lock,
                log,
            }),
        }
    }

    /// Starts a sign-in that ends at the path `return_to`. Returns the URL of the
    /// authorization request (RFC 6749, section 4.1.1), to which the page must
    /// go.
    ///
    /// # Errors
    /// [`BadReturnTo`](crate::ErrorKind), or if the discovery fails.
    pub async fn start(&self, return_to: &str) -> Result<String, Error> {
        self.parts.attempts.start(return_to, false).await
    }

    /// Starts a silent sign-in (`prompt=none`), which is the way on after
    /// [`Reauthorize`](crate::ErrorKind). If the provider needs the user,
    /// [`finish`](Self::finish) fails with [`LoginRequired`](crate::ErrorKind).
    ///
    /// # Errors
    /// As [`start`](Self::start).
    pub async fn start_silently(&self, return_to: &str) -> Result<String, Error> {
        self.parts.attempts.start(return_to, true).await
    }

    /// Finishes a sign-in with the response of the authorization endpoint.
    /// Returns the path that the user wanted to go to. A response that was used
    /// before changes nothing.
    ///
    /// # Errors
    /// If the response answers no request of this tab, is an error, or brings no
    /// tokens.
    pub async fn finish(&self, response: &AuthorizationResponse) -> Result<String, Error> {
        self.parts.code_flow.finish(response).await
    }

    /// Returns the session. Sends nothing.
    ///
    /// # Errors
    /// If the storage is blocked.
    pub async fn session(&self) -> Result<Session, Error> {
        Ok(match self.parts.grants.load().await? {
            StoredRecord::Nothing => Session::default(),
            StoredRecord::Grant(grant) => Session {
                signed_in: Some(SignedIn {
                    subject: grant.subject,
                    name: grant.name,
                    since: grant.since,
                }),
                ended: None,
            },
            other => Session {
                signed_in: None,
                ended: other.into_grant().err(),
            },
        })
    }

    /// Returns the tokens as they are. Sends nothing.
    ///
    /// # Errors
    /// If no user is signed in.
    pub async fn token(&self) -> Result<StoredTokens, Error> {
        let grant = self.parts.grants.load().await?.into_grant()?;
        Ok(self.tokens(&grant))
    }

    /// Returns a token that has not expired. Shortly before its expiry the client
    /// refreshes it behind the caller, who waits for a refresh only after the
    /// expiry.
    ///
    /// ```no_run
    /// # use confidant_browser::*;
    /// # async fn page(client: PublicClient<Browser>) -> Result<(), Error> {
    /// let tokens = client.access_token().await?;
    /// let header = format!("Bearer {}", tokens.access_token);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// If there is no way to such a token; with
    /// [`Reauthorize`](crate::ErrorKind), [`start_silently`](Self::start_silently)
    /// is the way to one.
    pub async fn access_token(&self) -> Result<StoredTokens, Error> {
        self.current(Freshness::Valid, Cause::Automatic).await
    }

    /// Refreshes now. If another tab refreshes at the same time, returns its
    /// token.
    ///
    /// # Errors
    /// As [`access_token`](Self::access_token).
    pub async fn refresh(&self) -> Result<StoredTokens, Error> {
        let before = self.parts.grants.load().await?.into_grant()?;
        let newer = Freshness::NewerThan(before.serial);
        self.current(newer, Cause::Manual).await
    }

    /// Treats the access token as expired, so that the next call refreshes.
    ///
    /// # Errors
    /// If no user is signed in.
    pub async fn expire(&self) -> Result<StoredTokens, Error> {
        let grants = self.parts.grants.clone();
        let expire = async move {
            let mut grant = grants.load_newest().await?.into_grant()?;
            grant.expired = true;
            grants.save(&grant).await?;
            Ok(grant)
        };
        let grant = self.parts.lock.run(expire).await?;
        Ok(self.tokens(&grant))
    }

    /// Returns what the provider says about the user (OpenID Connect Core 1.0,
    /// section 5.3), with automatic refresh.
    ///
    /// # Errors
    /// [`NotOffered`](crate::ErrorKind) if the provider has no userinfo endpoint.
    pub async fn profile(&self) -> Result<Claims, Error> {
        self.parts.resources.profile().await
    }

    /// Asks the provider whether the access token is valid: by its tokeninfo
    /// endpoint, or by whether userinfo accepts the token. Refreshes nothing.
    ///
    /// # Errors
    /// [`NotOffered`](crate::ErrorKind) if the provider has neither.
    pub async fn validate(&self) -> Result<Validation, Error> {
        self.parts.resources.validate().await
    }

    /// Calls one of the APIs in the settings with the token, and once more with
    /// a newer token if the API answers 401. A body is sent as JSON.
    ///
    /// ```no_run
    /// # use confidant_browser::*;
    /// # async fn page(client: PublicClient<Browser>) -> Result<(), Error> {
    /// let note = r#"{"text":"Hello"}"#.to_owned();
    /// let response = client
    ///     .call("https://api.example/v1/notes", "POST", Some(note))
    ///     .await?;
    /// assert_eq!(response.status, 201);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`UnknownApi`](crate::ErrorKind) for any other address,
    /// [`ApiUnavailable`](crate::ErrorKind) if the page cannot read a response.
    /// An error status of the API is a response.
    pub async fn call(
        &self,
        url: &str,
        method: &'static str,
        body: Option<String>,
    ) -> Result<ApiResponse, Error> {
        let request = api_request(&self.parts.settings.apis, url, method, body)?;
        let response = self.parts.resources.send(Party::Api, request).await?;
        Ok(response.into())
    }

    /// Removes the tokens from the browser, first and in any case; then revokes
    /// them at the provider. It waits for a refresh that is under way, which
    /// could otherwise bring the session back.
    ///
    /// # Errors
    /// If the storage is blocked. If the provider cannot be reached,
    /// [`SignedOut::revoked`] is false.
    pub async fn sign_out(&self) -> Result<SignedOut, Error> {
        self.parts.sign_out.run().await
    }

    /// Returns the last change of the token and the exchanges of this tab,
    /// without secrets. They survive a reload.
    pub async fn report(&self) -> Report {
        self.parts.log.report()
    }

    async fn current(&self, freshness: Freshness, cause: Cause) -> Result<StoredTokens, Error> {
        let grant = self.parts.refresher.current(freshness, cause).await?;
        Ok(self.tokens(&grant))
    }

    fn tokens(&self, grant: &Grant) -> StoredTokens {
        self.parts
            .clock
            .stored_tokens(grant, self.parts.settings.profile.reuse)
    }

    #[cfg(test)]
    pub(crate) fn platform(&self) -> &P {
        &self.parts.refresher.platform
    }
}
