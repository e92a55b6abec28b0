//! The session of a request, as handlers and server functions use it.

use super::SessionRecord;
use crate::{
    AccessToken, BffError,
    components::Components,
    grant::TokenRequirement,
    operations::{mediated, token, userinfo, validate},
};
use confidant_wire::{
    Claims, ClientKind, HandedOutAccessToken, Report, TokenView, UnixMillis, Validation,
};
use std::{fmt, sync::Arc};

/// The session of the request that is being answered; cheap to clone.
///
/// With the feature `axum` it is an extractor. The access token that
/// [`Session::access_token`] returns is refreshed first where needed, once for
/// all requests that need it.
///
/// ```no_run
/// use confidant_bff::{BffError, Session};
///
/// async fn orders(session: Session) -> Result<String, BffError> {
///     let token = session.access_token().await?;
///     // Send `Authorization: Bearer {token.secret}` to the API.
///     Ok(format!("Orders of {}", session.user().name()))
/// }
/// ```
#[derive(Clone)]
pub struct Session {
    components: Arc<Components>,
    record: Arc<SessionRecord>,
}

/// The user of a session, as the provider named them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct User<'a> {
    subject: &'a str,
    name: &'a str,
}

impl<'a> User<'a> {
    /// Returns the subject: the provider's stable identifier of the user
    /// (OpenID Connect Core 1.0, section 2).
    pub fn subject(&self) -> &'a str {
        self.subject
    }

    /// Returns the name to greet the user with.
    pub fn name(&self) -> &'a str {
        self.name
    }
}

impl Session {
    pub(crate) fn new(components: Arc<Components>, record: SessionRecord) -> Self {
        Self {
            components,
            record: Arc::new(record),
        }
    }

    /// Returns the user.
    pub fn user(&self) -> User<'_> {
        User {
            subject: &self.record.subject,
            name: &self.record.name,
        }
    }

    /// Returns the id of the provider that the user signed in with.
    pub fn provider(&self) -> &str {
        &self.record.provider
    }

    /// Returns the kind of client: a backend for frontend, or a
    /// token-mediating backend.
    pub fn kind(&self) -> ClientKind {
        self.record.kind
    }

    /// Returns when the user signed in, in milliseconds since 1970.
    pub fn since(&self) -> UnixMillis {
        self.record.created_at
    }

    /// Returns when the session ends unless it is used, in milliseconds since
    /// 1970.
    pub fn until(&self) -> UnixMillis {
        self.record.expires_at
    }

    /// Returns an access token with all scopes that were granted.
    ///
    /// Send it to APIs only, never to the browser.
    ///
    /// # Errors
    /// [`BffError::Token`] says why there is none.
    pub async fn access_token(&self) -> Result<AccessToken, BffError> {
        self.token_for(&TokenRequirement::default()).await
    }

    /// Returns an access token for a resource (RFC 8707), with these scopes
    /// only where there are any (RFC 6749, section 6).
    ///
    /// # Errors
    /// [`BffError::Token`] says why there is none.
    pub async fn access_token_for(
        &self,
        resource: Option<&str>,
        scopes: &[&str],
    ) -> Result<AccessToken, BffError> {
        let scope = (!scopes.is_empty()).then(|| {
            let mut scopes: Vec<_> = scopes.iter().map(|scope| (*scope).to_owned()).collect();
            // One set of scopes is one token, whatever its order.
            scopes.sort_unstable();
            scopes.dedup();
            scopes
        });
        self.token_for(&TokenRequirement {
            resource: resource.map(str::to_owned),
            scope,
        })
        .await
    }

    async fn token_for(&self, requirement: &TokenRequirement) -> Result<AccessToken, BffError> {
        let tokens = &self.components.tokens;
        Ok(tokens.usable(&self.record.grant, requirement).await?)
    }

    /// Returns what may be shown of the access token: never the token.
    ///
    /// # Errors
    /// [`BffError::NotSignedIn`], [`BffError::Token`], [`BffError::Store`].
    pub async fn token_view(&self) -> Result<TokenView, BffError> {
        token::view(&self.components, &self.record).await
    }

    /// Exchanges the refresh token for new tokens (RFC 6749, section 6).
    ///
    /// # Errors
    /// [`BffError::Token`], or [`BffError::RateLimited`] when the session
    /// asks too often.
    pub async fn refresh(&self) -> Result<TokenView, BffError> {
        token::refresh(&self.components, &self.record).await
    }

    /// Marks the access token as expired, so that its next use refreshes it.
    ///
    /// # Errors
    /// As [`Session::refresh`].
    pub async fn expire(&self) -> Result<TokenView, BffError> {
        token::expire(&self.components, &self.record).await
    }

    /// Fetches the provider's userinfo (OpenID Connect Core 1.0, section 5.3).
    ///
    /// # Errors
    /// [`BffError::Token`], [`BffError::Provider`], [`BffError::Metadata`].
    pub async fn userinfo(&self) -> Result<Claims, BffError> {
        userinfo::userinfo(&self.components, &self.record).await
    }

    /// Asks the provider whether the access token is active (RFC 7662, or the
    /// provider's own way). Nothing is refreshed for the question.
    ///
    /// # Errors
    /// [`BffError::Provider`], [`BffError::Metadata`], [`BffError::Store`].
    pub async fn validate(&self) -> Result<Validation, BffError> {
        validate::validate(&self.components, &self.record).await
    }

    /// Issues an access token to the page (RFC 10017, section 6.2): only for
    /// sessions of a token-mediating backend.
    ///
    /// # Errors
    /// [`BffError::NotMediated`], [`BffError::ScopeNotGranted`],
    /// [`BffError::Token`].
    pub async fn mediated_token(
        &self,
        scope: Option<&str>,
    ) -> Result<HandedOutAccessToken, BffError> {
        mediated::issue_to_page(&self.components, &self.record, scope).await
    }

    /// Returns what the last refresh changed, and the session's recent HTTP
    /// exchanges: none of those unless the exchange log is on.
    ///
    /// # Errors
    /// [`BffError::NotSignedIn`], [`BffError::Store`].
    pub async fn report(&self) -> Result<Report, BffError> {
        token::report(&self.components, &self.record).await
    }
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("provider", &self.record.provider)
            .field("subject", &self.record.subject)
            .finish_non_exhaustive()
    }
}
