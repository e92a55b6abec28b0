//! The second step: the response is checked, the code exchanged, the session
//! started.

use super::{Login, LoginError, PendingLogin, Renewal};
use crate::{
    BffError,
    digest::Digest,
    grant::{Grant, GrantId, LastChange},
    operations::silent_reauthentication as reauthentication,
    provider::{ProviderClient, identity::Identity},
    random,
    request_cookies::{RequestCookies, SentCookie, WithCookies, set_cookie},
    revocation::RevocationReason,
    session::{SessionRecord, ends, remaining},
    store::Store as _,
};
use confidant_protocol::{
    AuthorizationError, AuthorizationResponse, authorization_response::ExpectedIssuer,
};
use confidant_wire::{Cause, LoginFinished, UnixMillis};

/// A pending login that was claimed by this browser, at its provider.
struct Claimed<'a> {
    login: PendingLogin,
    provider: &'a ProviderClient,
    /// The session that a silent re-authentication renews.
    renewed: Option<SessionRecord>,
}

impl Login<'_> {
    /// Returns whether a response names the issuer of another provider than the one
    /// that was asked: a mix-up (RFC 9700, section 4.4), even if the one that was
    /// asked has no issuer to compare with.
    fn is_issuer_of_another(
        &self,
        claimed: &Claimed<'_>,
        response: &AuthorizationResponse,
    ) -> bool {
        let Some(iss) = response.iss.as_deref() else {
            return false;
        };
        self.providers.iter().any(|other| {
            other.settings.id != claimed.login.provider
                && other.settings.endpoints.issuer() == Some(iss)
        })
    }

    /// Finishes a sign-in and starts the session. The session that the browser
    /// had before ends only then.
    ///
    /// A user who signs in while another one is signed in replaces that
    /// session, because the user asked for it. A sign-in does not replace a
    /// session that another user started later: its response may have waited
    /// in a forgotten tab. A silent re-authentication replaces no session but
    /// its own; when the provider declines it, the browser goes back to the
    /// page where the user was, and that page asks and says why.
    pub(crate) async fn finish(
        &self,
        cookies: &RequestCookies,
        response: AuthorizationResponse,
    ) -> Result<WithCookies<LoginFinished>, BffError> {
        let arrived = self.clock.now();
        let login = match self.take_pending(cookies, &response).await {
            Ok(login) => login,
            Err(error) => return self.finished_before(cookies, error).await,
        };
        let Some(claimed) = self.claim(cookies, &login).await? else {
            return Ok(back_to(login.return_to));
        };
        let metadata = claimed.provider.metadata().await?;
        if response.callback.as_deref() != claimed.provider.callback_name() {
            return Err(LoginError::IssuerMismatch.into());
        }
        let issuers = claimed.provider.issuers(&metadata);
        if issuers.is_empty() && self.is_issuer_of_another(&claimed, &response) {
            return Err(LoginError::IssuerMismatch.into());
        }
        let named = issuers
            .iter()
            .find(|issuer| response.iss.as_ref() == Some(issuer));
        let expected = ExpectedIssuer {
            issuer: named.or(issuers.first()).map(String::as_str),
            iss_required: metadata.names_issuer || claimed.provider.settings.iss_required,
        };
        let code = match response.clone().validate(expected) {
            Ok(code) => code,
            Err(error) => {
                if let Some(answer) = response.logged_error() {
                    tracing::info!(provider = %login.provider, answer, "authorization refused");
                }
                return self.declined(cookies, claimed, error).await;
            }
        };
        let id = GrantId(random::name(self.random.as_ref()));
        // The exchanges of the renewed session come first: they show why.
        let before = self.view_of_renewed(&claimed, &id).await;
        let recording = self.record(&id, &claimed.login, &response, arrived);
        let exchanged = self
            .exchange_code(claimed.provider, metadata, &id, &claimed.login, code)
            .await;
        let (mut grant, user) = exchanged.inspect_err(|_| self.exchange_log.remove(&id))?;
        grant.tokens.last_change = before.map(|before| LastChange::new(Cause::Renewal, before));
        if let Some(renewed) = &claimed.renewed
            && renewed.subject != user.subject
        {
            // Another user is signed in at the provider by now. This user did
            // not ask to become that one.
            self.abandon(&grant).await;
            reauthentication::refuse(self.sessions, self.engine, self.clock, &renewed.grant)
                .await?;
            return Ok(back_to(claimed.login.return_to));
        }
        let started = self.start_session(cookies, &claimed, &grant, user).await;
        let cookie = match started {
            Ok(cookie) => cookie,
            Err(error) => {
                self.abandon(&grant).await;
                return Err(error);
            }
        };
        let Some(cookie) = cookie else {
            // The session to renew ended in the meantime.
            self.abandon(&grant).await;
            return Ok(back_to(claimed.login.return_to));
        };
        self.record_finished(recording, cookies, &grant);
        Ok(WithCookies {
            cookies: vec![cookie],
            ..back_to(claimed.login.return_to)
        })
    }

    /// Step 1: takes the pending login of this state and this browser. It is
    /// found once.
    async fn take_pending(
        &self,
        cookies: &RequestCookies,
        response: &AuthorizationResponse,
    ) -> Result<PendingLogin, BffError> {
        let (Some(state), Some(binding)) = (&response.state, cookies.binding.value()) else {
            let is_plain_http = self.settings.public_url.scheme() == "http";
            return Err(match &cookies.binding {
                SentCookie::Absent if is_plain_http => LoginError::NoCookie.into(),
                _ => LoginError::BadState.into(),
            });
        };
        let (state, binding) = (Digest::of(state), Digest::of(binding));
        let store = &self.sessions.store;
        let login = store.take_login(&state, &binding, self.clock.now()).await?;
        Ok(login.ok_or(LoginError::BadState)?)
    }

    /// Answers a response without a pending login. A user whose sign-in was
    /// finished before, who went back and pressed the button again, is led on.
    /// A script learns the error.
    async fn finished_before(
        &self,
        cookies: &RequestCookies,
        error: BffError,
    ) -> Result<WithCookies<LoginFinished>, BffError> {
        let is_unknown = matches!(
            error,
            BffError::Login(LoginError::BadState | LoginError::NoCookie)
        );
        if is_unknown
            && cookies.navigation
            && let Some(session) = self.sessions.find(cookies).await?
        {
            return Ok(back_to(self.settings.paths.after_login(session.kind)));
        }
        Err(error)
    }

    /// Whether the user has signed in in another tab since this sign-in was
    /// started. Some providers then answer with an error.
    async fn signed_in_since(
        &self,
        cookies: &RequestCookies,
        login: &PendingLogin,
    ) -> Result<bool, BffError> {
        let session = self.sessions.find(cookies).await?;
        Ok(session.is_some_and(|session| {
            session.provider == login.provider && session.created_at >= login.began_at
        }))
    }

    /// Step 2: finds the provider and, for a silent re-authentication, the
    /// session. Returns `None` when that has been renewed already.
    async fn claim(
        &self,
        cookies: &RequestCookies,
        login: &PendingLogin,
    ) -> Result<Option<Claimed<'_>>, BffError> {
        let provider = self.providers.get(&login.provider);
        let provider = provider.ok_or(LoginError::BadState)?;
        let renewed = match &login.renews {
            None => None,
            Some(renewal) => {
                match self
                    .session_to_renew(cookies, &login.provider, renewal)
                    .await?
                {
                    Some(session) => Some(session),
                    None => return Ok(None),
                }
            }
        };
        Ok(Some(Claimed {
            login: login.clone(),
            provider,
            renewed,
        }))
    }

    /// Returns the session to renew if this browser still has it, and `None`
    /// if the same user has another one by now: a second tab has renewed it,
    /// or the user has signed in again.
    async fn session_to_renew(
        &self,
        cookies: &RequestCookies,
        provider: &str,
        renewal: &Renewal,
    ) -> Result<Option<SessionRecord>, BffError> {
        match self.sessions.find(cookies).await? {
            Some(session) if session.grant == renewal.grant => Ok(Some(session)),
            Some(session) if session.provider == provider && session.subject == renewal.subject => {
                Ok(None)
            }
            _ => Err(LoginError::SessionOver.into()),
        }
    }

    /// Answers a response that is an error. A silent re-authentication that
    /// the provider declined is none for the user.
    async fn declined(
        &self,
        cookies: &RequestCookies,
        claimed: Claimed<'_>,
        error: AuthorizationError,
    ) -> Result<WithCookies<LoginFinished>, BffError> {
        if let Some(renewed) = &claimed.renewed
            && error.needs_user()
        {
            reauthentication::refuse(self.sessions, self.engine, self.clock, &renewed.grant)
                .await?;
            return Ok(back_to(claimed.login.return_to));
        }
        let says_nothing = matches!(
            error,
            AuthorizationError::TemporarilyUnavailable | AuthorizationError::Empty
        );
        if says_nothing && self.signed_in_since(cookies, &claimed.login).await? {
            return Ok(back_to(claimed.login.return_to));
        }
        Err(LoginError::from(error).into())
    }

    /// Step 5: stores the session, in the place of the one that the browser
    /// has. Returns its cookie, or `None` when the session to renew is over.
    async fn start_session(
        &self,
        cookies: &RequestCookies,
        claimed: &Claimed<'_>,
        grant: &Grant,
        user: Identity,
    ) -> Result<Option<http::HeaderValue>, BffError> {
        let value = self.secret();
        let now = self.clock.now();
        let session = self.new_session(&value, claimed, grant, user, now);
        let is_stored = match &claimed.renewed {
            Some(old) => {
                let reason = RevocationReason::Replaced;
                self.sessions
                    .store
                    .replace_session(old, reason, &session, grant, now)
                    .await?
            }
            None => {
                self.replace(cookies, claimed.login.began_at, &session, grant)
                    .await?;
                true
            }
        };
        if !is_stored {
            return Ok(None);
        }
        self.metrics.session_begun(&session.provider);
        tracing::info!(provider = %session.provider, grant = %grant.id.0, "signed in");
        let lifetime = remaining(self.sessions.settings, session.created_at, now);
        let name = &self.settings.names.session_cookie;
        Ok(set_cookie(name, &value, lifetime))
    }

    fn new_session(
        &self,
        cookie: &str,
        claimed: &Claimed<'_>,
        grant: &Grant,
        user: Identity,
        now: UnixMillis,
    ) -> SessionRecord {
        let renewed = claimed.renewed.as_ref();
        let created_at = renewed.map_or(now, |session| session.created_at);
        SessionRecord {
            digest: Digest::of(cookie),
            grant: grant.id.clone(),
            provider: claimed.login.provider.clone(),
            issued_by: grant.tokens.issued_by.clone(),
            kind: claimed.login.kind,
            subject: user.subject,
            name: user.name,
            created_at,
            last_seen: now,
            expires_at: ends(self.sessions.settings, created_at, now),
        }
    }

    async fn view_of_renewed(
        &self,
        claimed: &Claimed<'_>,
        successor: &GrantId,
    ) -> Option<confidant_wire::TokenView> {
        let renewed = claimed.renewed.as_ref()?;
        self.exchange_log.copy_to(&renewed.grant, successor);
        let grant = self.sessions.grant(renewed).await.ok()?;
        grant.view(claimed.provider.reuse(), self.clock.now())
    }
}

/// Sends the browser on without a new session.
fn back_to(return_to: String) -> WithCookies<LoginFinished> {
    WithCookies {
        body: LoginFinished { return_to },
        cookies: Vec::new(),
    }
}
