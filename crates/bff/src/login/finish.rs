//! Signing in, start and finish, with every check in its place.

use crate::{
    bff::Bff,
    clock::millis,
    digest::Digest,
    error,
    exchange_log::redaction,
    grant::{Grant, GrantId, TokenRequirement, Tokens},
    login::{
        AuthorizationResponse, LOGIN_LIFETIME, PendingLogin, Renewal,
        request::{OneTime, Prompting, authorization_url},
        response::validate,
        return_to,
    },
    metrics,
    provider::{
        Metadata, ProviderClient,
        identity::{Identity, from_userinfo},
    },
    random,
    refresh::Outcome,
    request_cookies::{Answer, LOGIN_COOKIE, RequestCookies, SESSION_COOKIE, set_cookie},
    session::{SessionRecord, ends, left},
    silent_reauthentication,
};
use confidant_wire::{
    Cause, Change, ClientKind, Code, Exchange, LoginFinished, LoginStarted, Party, Problem,
    UnixMillis,
};
use std::sync::Arc;
use url::Url;

impl Bff {
    /// Begins a sign-in: remembers what its answer must match, and says where
    /// the browser goes.
    ///
    /// # Errors
    /// `unknown_provider`, `unknown_kind`, `bad_return_to`, and what stands in
    /// the way of discovery.
    pub async fn start_login(
        &self,
        visit: &RequestCookies,
        provider: &str,
        kind: &str,
        return_to: &str,
    ) -> Result<Answer<LoginStarted>, Problem> {
        let provider = self.0.providers.get(provider).ok_or_else(|| {
            Problem::new(
                Code::UnknownProvider,
                "There is no provider with this id to sign in at.",
            )
        })?;
        let kind = kind
            .parse()
            .ok()
            .filter(|kind| provider.serves(*kind))
            .ok_or_else(|| {
                Problem::new(
                    Code::UnknownKind,
                    "The server is no client of this kind, or not with this provider.",
                )
            })?;
        if !return_to::is_local_path(return_to) {
            return Err(Problem::new(
                Code::BadReturnTo,
                "The address to return to does not lie in this application.",
            ));
        }
        self.request_authorization(visit, provider, kind, return_to, None)
            .await
    }

    /// Remembers what the answer must match, and says where the browser goes.
    /// `renews` is the session that is to be had anew, without asking.
    pub(crate) async fn request_authorization(
        &self,
        visit: &RequestCookies,
        provider: &ProviderClient,
        kind: ClientKind,
        return_to: &str,
        renews: Option<Renewal>,
    ) -> Result<Answer<LoginStarted>, Problem> {
        let metadata = provider.metadata().await.map_err(error::metadata)?;
        let secret = || random::secret(self.0.random.as_ref());
        let once = OneTime {
            state: secret(),
            nonce: secret(),
            verifier: secret(),
        };
        let prompting = match renews {
            Some(_) => Prompting::None,
            None => Prompting::Usual,
        };
        let url = authorization_url(provider, &metadata, &once, prompting);
        let now = self.0.clock.now();
        let login = PendingLogin {
            provider: provider.settings.id.clone(),
            kind,
            return_to: return_to.to_owned(),
            nonce: once.nonce,
            verifier: once.verifier,
            authorization_url: url.to_string(),
            renews,
            began_at: now,
            expires_at: now.saturating_add(millis(LOGIN_LIFETIME)),
        };
        // One binding for all tabs of a browser: a second sign-in does not
        // spoil the first.
        let binding = visit.binding.value().map_or_else(secret, str::to_owned);
        self.0
            .store
            .save_login(&Digest::of(&once.state), &Digest::of(&binding), &login)
            .await
            .map_err(error::store)?;
        Ok(Answer {
            body: LoginStarted {
                authorization_url: url.into(),
            },
            cookies: set_cookie(LOGIN_COOKIE, &binding, LOGIN_LIFETIME)
                .into_iter()
                .collect(),
        })
    }

    /// Finishes a sign-in: checks the answer, trades the code, starts the
    /// session. The session that this browser had ends only then.
    ///
    /// A sign-in replaces the session of another user, because the user asked
    /// for it, unless that session began after the sign-in did: its answer may
    /// have waited in a forgotten tab. A silent renewal replaces no session but
    /// the one that it is for, and keeps the time when that one began.
    ///
    /// # Errors
    /// `bad_state`, `issuer_mismatch`, `access_denied`, `code_refused` and
    /// whatever else a bad answer gets; nothing is half-done then. `bad_state`
    /// is also told where the session that was to be renewed is over. A silent
    /// renewal that the provider declines is none: it leads back to where the
    /// person was, and the page there asks and says why.
    pub async fn finish_login(
        &self,
        visit: &RequestCookies,
        response: AuthorizationResponse,
    ) -> Result<Answer<LoginFinished>, Problem> {
        let arrived = self.0.clock.now();
        let login = self.take_login(visit, &response).await?;
        let provider = self
            .0
            .providers
            .get(&login.provider)
            .ok_or_else(bad_state)?;
        let old = match &login.renews {
            None => None,
            Some(silent_reauthentication) => {
                let old = self.session_to_renew(visit, &login.provider, silent_reauthentication);
                let Some(old) = old.await? else {
                    return Ok(silent_reauthentication::led_back(login.return_to));
                };
                Some(old)
            }
        };
        let metadata = provider.metadata().await.map_err(error::metadata)?;
        let carried = response.clone();
        let judged = validate(
            response,
            metadata.endpoints.issuer.as_deref(),
            metadata.names_issuer,
        );
        let code = match judged {
            Err(problem)
                if let Some(old) = &old
                    && problem.code != Code::IssuerMismatch
                    && silent_reauthentication::requires_interaction(carried.error.as_deref()) =>
            {
                return self
                    .reauthentication_refused(&old.grant, login.return_to)
                    .await;
            }
            judged => judged?,
        };
        let id = GrantId(random::name(self.0.random.as_ref()));
        let before = match &old {
            Some(old) => self.replace_grant(old, &id).await,
            None => None,
        };
        let leg = self.note_authorization(&id, &login, &carried, arrived);
        let started = self.begin(provider, metadata, &id, &login, code).await;
        let (grant, who) = started.inspect_err(|_| self.0.exchange_log.forget(&id))?;
        if let Some(old) = &old
            && old.subject != who.subject
        {
            // Somebody else is signed in at the provider by now. Nobody asked
            // to be them.
            self.0.exchange_log.forget(&id);
            return self
                .reauthentication_refused(&old.grant, login.return_to)
                .await;
        }

        let cookie = random::secret(self.0.random.as_ref());
        let now = self.0.clock.now();
        let settings = self.0.settings.session;
        let created_at = login.renews.map_or(now, |silent_reauthentication| {
            silent_reauthentication.created_at
        });
        let session = SessionRecord {
            digest: Digest::of(&cookie),
            grant: id.clone(),
            provider: login.provider,
            kind: login.kind,
            subject: who.subject,
            name: who.name,
            created_at,
            last_seen: now,
            expires_at: ends(settings, created_at, now),
        };
        let stored = match &old {
            Some(old) => self.renew(old, &session, &grant).await,
            None => {
                let replaced = self.replace(visit, login.began_at, &session, &grant);
                replaced.await.map(|()| true)
            }
        };
        if !stored.inspect_err(|_| self.0.exchange_log.forget(&id))? {
            // The session that was to be renewed ended meanwhile.
            self.0.exchange_log.forget(&id);
            return Ok(silent_reauthentication::led_back(login.return_to));
        }
        if let Some(leg) = leg {
            self.0.exchange_log.amend(&id, leg, |exchange| {
                exchange.took = self.0.clock.now().saturating_sub(arrived);
                // A form is answered with a redirect, a script with the path.
                exchange.status = Some(if visit.navigation { 303 } else { 200 });
            });
        }
        if let (Some(before), Some(after)) = (before, grant.view(provider.reuse(), now)) {
            let cause = Cause::Renewal;
            let change = Change {
                cause,
                before,
                after,
            };
            self.0.exchange_log.changed(&id, change);
        }
        metrics::session_begun(&session.provider);
        tracing::info!(provider = %session.provider, grant = %id.0, "signed in");
        Ok(Answer {
            body: LoginFinished {
                return_to: login.return_to,
            },
            cookies: set_cookie(SESSION_COOKIE, &cookie, left(settings, created_at, now))
                .into_iter()
                .collect(),
        })
    }

    async fn take_login(
        &self,
        visit: &RequestCookies,
        response: &AuthorizationResponse,
    ) -> Result<PendingLogin, Problem> {
        let (Some(state), Some(binding)) = (&response.state, visit.binding.value()) else {
            return Err(bad_state());
        };
        self.0
            .store
            .take_login(&Digest::of(state), &Digest::of(binding), self.0.clock.now())
            .await
            .map_err(error::store)?
            .ok_or_else(bad_state)
    }

    /// Trades the code and learns who signed in.
    async fn begin(
        &self,
        provider: &ProviderClient,
        metadata: Arc<Metadata>,
        id: &GrantId,
        login: &PendingLogin,
        code: String,
    ) -> Result<(Grant, Identity), Problem> {
        let sent_at = self.0.clock.now();
        let exchanged = provider
            .exchange_code(
                id,
                &metadata,
                code,
                login.verifier.clone(),
                self.0.timing.deadline,
            )
            .await;
        let Outcome::Success(answer) = exchanged.outcome else {
            return Err(error::code_exchange(&exchanged.outcome, exchanged.finish));
        };
        // Whatever befell refreshes before, its token endpoint is well.
        self.0.engine.provider_recovered(&provider.settings.id);
        let mut answer = *answer;
        // An answer without scopes grants those that were asked for
        // (RFC 6749, section 5.1).
        answer
            .scopes
            .get_or_insert_with(|| provider.settings.scopes.clone());
        let grant = Grant::new(id.clone(), login.provider.clone(), answer, sent_at);
        let who = match self
            .identify(provider, &metadata, &grant.tokens, login)
            .await?
        {
            Some(who) => who,
            None => {
                let cached_token = grant.cached_token(&TokenRequirement::default());
                let token = &cached_token.ok_or_else(error::not_signed_in)?.token;
                let claims = provider.userinfo(&metadata, id, token).await;
                from_userinfo(&claims.map_err(error::call)?)
                    .ok_or(crate::provider::CallError::Nonsense)
                    .map_err(error::call)?
            }
        };
        Ok((grant, who))
    }

    /// Who the ID token says signed in. A signature that no known key made is
    /// tried once more with the provider's keys fetched anew.
    async fn identify(
        &self,
        provider: &ProviderClient,
        metadata: &Metadata,
        tokens: &Tokens,
        login: &PendingLogin,
    ) -> Result<Option<Identity>, Problem> {
        let now = self.0.clock.now();
        if let Ok(who) = provider.verify_id_token(metadata, tokens, &login.nonce, now) {
            return Ok(who);
        }
        provider.forget().await;
        let metadata = provider.metadata().await.map_err(error::metadata)?;
        provider
            .verify_id_token(&metadata, tokens, &login.nonce, now)
            .map_err(|error| error::bad_id_token(&error))
    }

    /// Writes down the legs of the sign-in that went through the browser, and
    /// says under which number the one stands that is being answered.
    fn note_authorization(
        &self,
        grant: &GrantId,
        login: &PendingLogin,
        response: &AuthorizationResponse,
        arrived: UnixMillis,
    ) -> Option<u64> {
        let url = Url::parse(&login.authorization_url).ok()?;
        let received: Vec<_> = [
            ("code", &response.code),
            ("state", &response.state),
            ("iss", &response.iss),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some(redaction::parameter(name, value.as_deref()?)))
        .collect();
        self.0.exchange_log.exchanged(
            grant,
            Exchange {
                id: 0,
                from: Party::Browser,
                to: Party::Provider,
                at: login.began_at,
                took: arrived.saturating_sub(login.began_at),
                method: "GET".into(),
                path: url.path().to_owned(),
                sent: redaction::pairs(url.query().unwrap_or_default().as_bytes()),
                status: Some(303),
                received: received.clone(),
                bytes: None,
            },
        );
        self.0.exchange_log.exchanged(
            grant,
            Exchange {
                id: 0,
                from: Party::Browser,
                to: Party::Server,
                at: arrived,
                took: 0,
                method: "POST".into(),
                path: "/auth/login/finish".into(),
                sent: received,
                status: None,
                received: Vec::new(),
                bytes: None,
            },
        )
    }
}

fn bad_state() -> Problem {
    Problem::new(
        Code::BadState,
        "This sign-in was not begun in this browser, was finished before, or took too long. Sign in again.",
    )
}
