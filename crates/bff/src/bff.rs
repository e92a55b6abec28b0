//! The confidential client as its endpoints see it: one method for each.

use crate::{
    clock::Clock,
    digest::Digest,
    error,
    exchange_log::ExchangeLog,
    forward::Forwarder,
    grant::{AccessToken, Grant, GrantId, GrantStatus, TokenRequirement},
    http_client::HttpClient,
    metrics,
    provider::{CallError, Metadata, ProviderClient, Providers, UnknownProfile},
    random::Random,
    refresh::{
        Freshness, RefreshEngine, StoreError, Timing, TokenEndpoint as _, TokenError,
        rate_limit::RateLimit,
    },
    request_cookies::{
        Answer, LOGIN_COOKIE, RequestCookies, SESSION_COOKIE, SentCookie, clear_cookie,
    },
    session::SessionRecord,
    settings::Settings,
    store::CachedStore,
    store::Store,
};
use confidant_wire::{
    Cause, Claims, Code, Problem, Report, SessionView, SignedIn, SignedOut, TokenView, Validation,
};
use std::sync::{Arc, Mutex, PoisonError};

/// The confidential client; cheap to clone.
#[derive(Clone)]
pub struct Bff(pub(crate) Arc<Parts>);

pub(crate) struct Parts {
    pub(crate) settings: Settings,
    pub(crate) store: Arc<dyn Store>,
    /// The same store, for those who may be a moment late.
    pub(crate) recent: Arc<CachedStore>,
    pub(crate) forwarder: Forwarder,
    pub(crate) providers: Providers,
    pub(crate) engine: RefreshEngine,
    /// Limits what users ask for explicitly: refresh and expire.
    explicit: Mutex<RateLimit>,
    pub(crate) exchange_log: ExchangeLog,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) random: Arc<dyn Random>,
    pub(crate) timing: Timing,
}

/// The client cannot be put together.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// A provider names a profile that does not exist.
    #[error(transparent)]
    Profile(#[from] UnknownProfile),
    /// The TLS library cannot be set up.
    #[error("HTTP cannot be set up: {0}")]
    HttpClient(#[from] reqwest::Error),
    /// The way to APIs cannot be set up.
    #[error("API forwarding cannot be set up: {0}")]
    Forwarding(Box<dyn std::error::Error + Send + Sync>),
}

impl Bff {
    /// Puts the client together.
    ///
    /// # Errors
    /// When the settings name what does not exist.
    pub fn new(
        settings: Settings,
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        random: Arc<dyn Random>,
        timing: Timing,
    ) -> Result<Self, SetupError> {
        let exchange_log = ExchangeLog::new(settings.record);
        let http = HttpClient::new(clock.clone(), exchange_log.clone())?;
        let providers = Providers::new(&settings, &http)?;
        let forwarder = Forwarder::new(&settings.apis).map_err(SetupError::Forwarding)?;
        let recent = Arc::new(CachedStore::new(store, clock.clone()));
        let store: Arc<dyn Store> = recent.clone();
        let engine = RefreshEngine::new(
            store.clone(),
            Arc::new(providers.clone()),
            clock.clone(),
            random.clone(),
            exchange_log.clone(),
            timing,
        );
        Ok(Self(Arc::new(Parts {
            settings,
            store,
            recent,
            forwarder,
            providers,
            engine,
            explicit: Mutex::default(),
            exchange_log,
            clock,
            random,
            timing,
        })))
    }

    /// Whether the database answers.
    ///
    /// # Errors
    /// `store_unavailable`.
    pub async fn ready(&self) -> Result<(), Problem> {
        self.0.store.ping().await.map_err(error::store)
    }

    /// Deletes sign-ins and sessions that have run out, and counts those that
    /// are left. To be called now and then.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn sweep(&self) -> Result<(), StoreError> {
        let store = &self.0.store;
        metrics::sessions_ran_out(store.sweep(self.0.clock.now()).await?);
        metrics::sessions(store.count_sessions().await?);
        Ok(())
    }

    /// Who is signed in.
    ///
    /// # Errors
    /// `store_unavailable`.
    pub async fn session(&self, visit: &RequestCookies) -> Result<SessionView, Problem> {
        let nobody = SessionView {
            // A Strict cookie stays at home when another site led here.
            unknown: visit.session.value().is_none() && visit.cross_site,
            ..SessionView::default()
        };
        let Some(session) = self.find(visit).await? else {
            return Ok(nobody);
        };
        match self.grant(&session).await {
            Ok(Grant {
                status: GrantStatus::Dead(reason),
                ..
            }) => Ok(SessionView {
                ended: Some(error::token_error(TokenError::Dead(reason))),
                ..nobody
            }),
            Err(problem) if problem.code == Code::GrantDead => Ok(SessionView {
                ended: Some(problem),
                ..nobody
            }),
            Ok(_) => Ok(SessionView {
                signed_in: true,
                session: Some(self.view(&session)),
                ..SessionView::default()
            }),
            Err(problem) => Err(problem),
        }
    }

    fn view(&self, session: &SessionRecord) -> SignedIn {
        let provider = self.0.providers.get(&session.provider);
        SignedIn {
            subject: session.subject.clone(),
            name: session.name.clone(),
            provider: session.provider.clone(),
            provider_name: provider.map_or_else(
                || session.provider.clone(),
                |provider| provider.settings.name.clone(),
            ),
            kind: session.kind,
            since: session.created_at,
            until: Some(session.expires_at),
        }
    }

    /// What may be shown of the session's token.
    ///
    /// # Errors
    /// `not_signed_in`, `store_unavailable`.
    pub async fn token(&self, visit: &RequestCookies) -> Result<TokenView, Problem> {
        let session = self.signed_in(visit).await?;
        self.token_view(&session).await
    }

    /// Trades the refresh token for a new pair.
    ///
    /// # Errors
    /// `rate_limited` for too many in a short time, and whatever stands in the
    /// way: the session, the provider, the store.
    pub async fn refresh(&self, visit: &RequestCookies) -> Result<TokenView, Problem> {
        let session = self.signed_in(visit).await?;
        self.limit_explicit(&session.grant)?;
        let serial = self.grant(&session).await?.serial;
        self.0
            .engine
            .access_token(
                &session.grant,
                &TokenRequirement::default(),
                Freshness::NewerThan(serial),
                Cause::Manual,
            )
            .await
            .map_err(error::token_error)?;
        self.token_view(&session).await
    }

    /// Forgets that the access token is fresh, so that the next call
    /// refreshes first.
    ///
    /// # Errors
    /// `not_signed_in`, `store_unavailable`, and `rate_limited` for too many
    /// in a short time.
    pub async fn expire(&self, visit: &RequestCookies) -> Result<TokenView, Problem> {
        let session = self.signed_in(visit).await?;
        self.limit_explicit(&session.grant)?;
        loop {
            let mut grant = self.grant(&session).await?;
            grant.expire();
            grant.version += 1;
            if self.0.store.replace(&grant).await.map_err(error::store)? {
                return self.token_view(&session).await;
            }
        }
    }

    /// Counts an explicit refresh, or a request that leads to one.
    fn limit_explicit(&self, grant: &GrantId) -> Result<(), Problem> {
        let limit = self.0.explicit.lock();
        let mut limit = limit.unwrap_or_else(PoisonError::into_inner);
        limit
            .take(grant, self.0.clock.now())
            .map_err(error::rate_limited)
    }

    /// The provider's userinfo, with automatic refresh.
    ///
    /// # Errors
    /// Whatever stands in the way: the session, the provider, the store.
    pub async fn profile(&self, visit: &RequestCookies) -> Result<Claims, Problem> {
        let session = self.signed_in(visit).await?;
        let (provider, metadata) = self.provider(&session).await?;
        let want = TokenRequirement::default();
        let token = self
            .0
            .engine
            .access_token(&session.grant, &want, Freshness::Usable, Cause::Automatic)
            .await
            .map_err(error::token_error)?;
        let claims = match provider.userinfo(&metadata, &session.grant, &token).await {
            // It looked fresh and was refused: once more, with a newer one.
            Err(CallError::Unauthorized) => {
                let newer = self.newer_token(&session.grant, &want, &token).await;
                let newer = newer.map_err(error::token_error)?;
                provider.userinfo(&metadata, &session.grant, &newer).await
            }
            claims => claims,
        };
        claims.map_err(error::call)
    }

    /// A newer token for one that looked fresh and was refused.
    pub(crate) async fn newer_token(
        &self,
        id: &GrantId,
        want: &TokenRequirement,
        refused: &AccessToken,
    ) -> Result<AccessToken, TokenError> {
        let stored = self.0.store.load(id).await.map_err(|error| {
            tracing::error!(grant = %id.0, %error, "a grant could not be read");
            TokenError::from(error)
        })?;
        // Somebody may have refreshed it meanwhile.
        let serial = stored
            .as_ref()
            .and_then(|grant| grant.cached_token(want))
            .filter(|cached_token| cached_token.token == *refused)
            .map_or(0, |cached_token| cached_token.serial);
        let newer = self
            .0
            .engine
            .access_token(id, want, Freshness::NewerThan(serial), Cause::Automatic)
            .await;
        if newer == Err(TokenError::Reauthorize) {
            // There is nothing left to use to its end: the next navigation
            // need not wait for that.
            self.mark_expired(id, want, Some(refused)).await;
        }
        newer
    }

    /// Forgets that any token looks fresh, unless there is a newer one for this
    /// use than the one that was refused, if there was one at all.
    pub(crate) async fn mark_expired(
        &self,
        id: &GrantId,
        want: &TokenRequirement,
        refused: Option<&AccessToken>,
    ) {
        let Ok(Some(mut grant)) = self.0.store.load(id).await else {
            return;
        };
        let is_held = |token: &AccessToken| {
            grant
                .cached_token(want)
                .is_some_and(|cached_token| cached_token.token == *token)
        };
        if refused.is_some_and(|refused| !is_held(refused)) {
            return;
        }
        grant.expire();
        grant.version += 1;
        // Somebody changed the row meanwhile, or it cannot be written: then
        // the token runs out in its own time.
        if let Err(error) = self.0.store.replace(&grant).await {
            tracing::warn!(%error, "a refused token could not be noted");
        }
    }

    /// What the provider says of the access token, as it is: nothing is
    /// refreshed for the question.
    ///
    /// # Errors
    /// Whatever stands in the way: the session, the provider, the store.
    pub async fn validate(&self, visit: &RequestCookies) -> Result<Validation, Problem> {
        let session = self.signed_in(visit).await?;
        let (provider, metadata) = self.provider(&session).await?;
        let grant = self.grant(&session).await?;
        let cached_token = grant
            .cached_token(&TokenRequirement::default())
            .ok_or_else(error::not_signed_in)?;
        provider
            .validate(&metadata, &session.grant, &cached_token.token)
            .await
            .map_err(error::call)
    }

    /// Ends the session here, the sign-ins that were begun in this browser, and
    /// the tokens at the provider. The answer's cookies are to be set whether
    /// it is a success or not.
    ///
    /// # Errors
    /// `bad_request` where a session cookie came that cannot be believed, so
    /// that no session was ended; `store_unavailable`. Signing out twice is not
    /// an error.
    pub async fn logout(&self, visit: &RequestCookies) -> Answer<Result<SignedOut, Problem>> {
        let body = self.end(visit).await;
        let cleared: &[_] = match &body {
            // The browser keeps its cookies, to try again.
            Err(problem) if problem.code == Code::StoreUnavailable => &[],
            // A cookie that cannot be believed is of no use to it.
            Ok(_) | Err(_) => &[SESSION_COOKIE, LOGIN_COOKIE],
        };
        let cookies = cleared.iter().filter_map(|name| clear_cookie(name));
        Answer {
            body,
            cookies: cookies.collect(),
        }
    }

    async fn end(&self, visit: &RequestCookies) -> Result<SignedOut, Problem> {
        // Before the session: if this fails, all of it can be tried again.
        if let Some(binding) = visit.binding.value() {
            let deleted = self.0.store.delete_logins(&Digest::of(binding)).await;
            deleted.map_err(error::store)?;
        }
        if let SentCookie::Invalid = visit.session {
            return Err(error::invalid_session_cookie());
        }
        let Some(session) = self.find(visit).await? else {
            return Ok(SignedOut::default());
        };
        let grant = self.grant(&session).await;
        // First here: whatever the provider says, this browser is signed out.
        self.0
            .store
            .end_session(&session)
            .await
            .map_err(error::store)?;
        let mut body = SignedOut {
            provider: Some(session.provider.clone()),
            ..SignedOut::default()
        };
        if let (Ok(grant), Ok((provider, metadata))) = (grant, self.provider(&session).await) {
            body.revoked = provider.revoke(&metadata, &grant).await;
            body.end_session_url = self.end_session_url(provider, &metadata);
        }
        self.0.exchange_log.forget(&session.grant);
        metrics::session_ended("signed_out");
        Ok(body)
    }

    /// What the session's last action did, and what travelled for it.
    ///
    /// # Errors
    /// `not_signed_in`, `store_unavailable`.
    pub async fn report(&self, visit: &RequestCookies) -> Result<Report, Problem> {
        let session = self.signed_in(visit).await?;
        Ok(self.0.exchange_log.report(&session.grant))
    }

    async fn token_view(&self, session: &SessionRecord) -> Result<TokenView, Problem> {
        let grant = self.grant(session).await?;
        if let GrantStatus::Dead(reason) = grant.status {
            return Err(error::token_error(TokenError::Dead(reason)));
        }
        let now = self.0.clock.now();
        let reuse = self.0.providers.reuse(&grant.provider);
        grant.view(reuse, now).ok_or_else(error::not_signed_in)
    }

    async fn provider(
        &self,
        session: &SessionRecord,
    ) -> Result<(&ProviderClient, Arc<Metadata>), Problem> {
        let provider = self
            .0
            .providers
            .get(&session.provider)
            // Taken out of the configuration while people were signed in.
            .ok_or_else(error::not_signed_in)?;
        let metadata = provider.metadata().await.map_err(error::metadata)?;
        Ok((provider, metadata))
    }
}
