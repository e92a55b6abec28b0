//! The confidential client as its endpoints see it: one method for each.

use crate::{
    clock::Clock,
    digest::Digest,
    error, figures,
    grant::{Grant, Standing, Want},
    journal::Journal,
    provider::{CallError, Metadata, Provider, Providers, UnknownProfile},
    random::Random,
    refresh::{Demand, Engine, Refusal, StoreError, Timing},
    session::Session,
    settings::Settings,
    store::Store,
    transport::Http,
    visit::{Answer, SESSION_COOKIE, Visit, clear_cookie},
};
use std::sync::Arc;
use wire::{
    Cause, Claims, ClientKind, Problem, ProviderView, Report, SessionView, SignedIn, SignedOut,
    TokenView, Validation,
};

/// The confidential client; cheap to clone.
#[derive(Clone)]
pub struct Bff(pub(crate) Arc<Parts>);

pub(crate) struct Parts {
    pub(crate) settings: Settings,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) providers: Providers,
    pub(crate) engine: Engine,
    pub(crate) journal: Journal,
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
    Http(#[from] reqwest::Error),
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
        let journal = Journal::new(settings.record);
        let http = Http::new(clock.clone(), journal.clone())?;
        let providers = Providers::new(&settings, &http)?;
        let engine = Engine::new(
            store.clone(),
            Arc::new(providers.clone()),
            clock.clone(),
            random.clone(),
            journal.clone(),
            timing,
        );
        Ok(Self(Arc::new(Parts {
            settings,
            store,
            providers,
            engine,
            journal,
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

    /// Deletes sign-ins and sessions that have run out. To be called now and then.
    ///
    /// # Errors
    /// When the store fails.
    pub async fn sweep(&self) -> Result<(), StoreError> {
        self.0.store.sweep(self.0.clock.now()).await
    }

    /// The providers on offer.
    pub fn providers(&self) -> Vec<ProviderView> {
        let view = |provider: &Provider| ProviderView {
            id: provider.settings.id.clone(),
            name: provider.settings.name.clone(),
            kinds: ClientKind::ALL.to_vec(),
            end_session_url: provider
                .known()
                .and_then(|metadata| self.end_session_url(provider, &metadata)),
        };
        self.0.providers.iter().map(view).collect()
    }

    /// Who is signed in.
    ///
    /// # Errors
    /// `store_unavailable`.
    pub async fn session(&self, visit: &Visit) -> Result<SessionView, Problem> {
        let nobody = SessionView {
            // A Strict cookie stays at home when another site led here.
            unknown: visit.session.is_none() && visit.cross_site,
            ..SessionView::default()
        };
        let Some(session) = self.find(visit).await? else {
            return Ok(nobody);
        };
        match self.grant(&session).await {
            Ok(Grant {
                standing: Standing::Dead(reason),
                ..
            }) => Ok(SessionView {
                ended: Some(error::refusal(Refusal::Dead(reason))),
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

    fn view(&self, session: &Session) -> SignedIn {
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
            until: session.expires_at,
        }
    }

    /// What may be shown of the session's token.
    ///
    /// # Errors
    /// `not_signed_in`, `store_unavailable`.
    pub async fn token(&self, visit: &Visit) -> Result<TokenView, Problem> {
        let session = self.signed_in(visit).await?;
        self.token_view(&session).await
    }

    /// Trades the refresh token for a new pair.
    ///
    /// # Errors
    /// Whatever stands in the way: the session, the provider, the store.
    pub async fn refresh(&self, visit: &Visit) -> Result<TokenView, Problem> {
        let session = self.signed_in(visit).await?;
        let serial = self.grant(&session).await?.serial;
        self.0
            .engine
            .access_token(
                &session.grant,
                &Want::default(),
                Demand::NewerThan(serial),
                Cause::Manual,
            )
            .await
            .map_err(error::refusal)?;
        self.token_view(&session).await
    }

    /// Forgets that the access token is fresh, so that the next call
    /// refreshes first.
    ///
    /// # Errors
    /// `not_signed_in`, `store_unavailable`.
    pub async fn expire(&self, visit: &Visit) -> Result<TokenView, Problem> {
        let session = self.signed_in(visit).await?;
        loop {
            let mut grant = self.grant(&session).await?;
            grant.expire();
            grant.version += 1;
            if self.0.store.replace(&grant).await.map_err(error::store)? {
                return self.token_view(&session).await;
            }
        }
    }

    /// The provider's userinfo, with automatic refresh.
    ///
    /// # Errors
    /// Whatever stands in the way: the session, the provider, the store.
    pub async fn profile(&self, visit: &Visit) -> Result<Claims, Problem> {
        let session = self.signed_in(visit).await?;
        let (provider, metadata) = self.provider(&session).await?;
        let mut demand = Demand::Usable;
        loop {
            let token = self
                .0
                .engine
                .access_token(&session.grant, &Want::default(), demand, Cause::Automatic)
                .await
                .map_err(error::refusal)?;
            match provider.userinfo(&metadata, &session.grant, &token).await {
                // It looked fresh and was refused: once more, with a newer one.
                Err(CallError::Unauthorized) if demand == Demand::Usable => {
                    let grant = self.grant(&session).await?;
                    let held = grant.held(&Want::default());
                    // Somebody may have refreshed it meanwhile.
                    let serial = held
                        .filter(|held| held.token == token)
                        .map_or(0, |held| held.serial);
                    demand = Demand::NewerThan(serial);
                }
                other => return other.map_err(error::call),
            }
        }
    }

    /// What the provider says of the access token, as it is: nothing is
    /// refreshed for the question.
    ///
    /// # Errors
    /// Whatever stands in the way: the session, the provider, the store.
    pub async fn validate(&self, visit: &Visit) -> Result<Validation, Problem> {
        let session = self.signed_in(visit).await?;
        let (provider, metadata) = self.provider(&session).await?;
        let grant = self.grant(&session).await?;
        let held = grant
            .held(&Want::default())
            .ok_or_else(error::not_signed_in)?;
        provider
            .validate(&metadata, &session.grant, &held.token)
            .await
            .map_err(error::call)
    }

    /// Ends the session here, and the tokens at the provider.
    ///
    /// # Errors
    /// `store_unavailable`. Signing out twice is not an error.
    pub async fn logout(&self, visit: &Visit) -> Result<Answer<SignedOut>, Problem> {
        let cookies = clear_cookie(SESSION_COOKIE).into_iter().collect();
        let Some(session) = self.find(visit).await? else {
            return Ok(Answer {
                body: SignedOut::default(),
                cookies,
            });
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
        self.0.journal.forget(&session.grant);
        figures::session_ended("signed_out");
        Ok(Answer { body, cookies })
    }

    /// What the session's last action did, and what travelled for it.
    ///
    /// # Errors
    /// `not_signed_in`, `store_unavailable`.
    pub async fn report(&self, visit: &Visit) -> Result<Report, Problem> {
        let session = self.signed_in(visit).await?;
        Ok(self.0.journal.report(&session.grant))
    }

    fn end_session_url(&self, provider: &Provider, metadata: &Metadata) -> Option<String> {
        let mut url = metadata.endpoints.end_session_endpoint.clone()?;
        url.query_pairs_mut()
            .append_pair("client_id", &provider.settings.client_id)
            .append_pair(
                "post_logout_redirect_uri",
                self.0.settings.public_url.as_str(),
            );
        Some(url.into())
    }

    /// The session that the visit's cookie names, if it is not over.
    pub(crate) async fn find(&self, visit: &Visit) -> Result<Option<Session>, Problem> {
        let Some(cookie) = &visit.session else {
            return Ok(None);
        };
        let found = self.0.store.find_session(&Digest::of(cookie)).await;
        let Some(session) = found.map_err(error::store)? else {
            return Ok(None);
        };
        let now = self.0.clock.now();
        if session.is_over(self.0.settings.session, now) {
            return Ok(None);
        }
        let Some(used) = session.used(self.0.settings.session, now) else {
            return Ok(Some(session));
        };
        // A use that cannot be noted is no reason to send anybody away.
        if let Err(error) = self.0.store.touch_session(&used).await {
            tracing::warn!(%error, "a session's use could not be noted");
        }
        Ok(Some(used))
    }

    async fn signed_in(&self, visit: &Visit) -> Result<Session, Problem> {
        self.find(visit).await?.ok_or_else(error::not_signed_in)
    }

    pub(crate) async fn grant(&self, session: &Session) -> Result<Grant, Problem> {
        match self.0.store.load(&session.grant).await {
            Ok(Some(grant)) => Ok(grant),
            Ok(None) => Err(error::not_signed_in()),
            Err(failed) => Err(error::store(failed)),
        }
    }

    async fn token_view(&self, session: &Session) -> Result<TokenView, Problem> {
        let grant = self.grant(session).await?;
        if let Standing::Dead(reason) = grant.standing {
            return Err(error::refusal(Refusal::Dead(reason)));
        }
        grant
            .view(self.0.clock.now())
            .ok_or_else(error::not_signed_in)
    }

    async fn provider(&self, session: &Session) -> Result<(&Provider, Arc<Metadata>), Problem> {
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
