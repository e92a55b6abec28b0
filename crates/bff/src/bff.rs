//! The handle through which an application uses the library.

use crate::{
    BffError, LoginRequest, Session, background,
    components::Components,
    detached::run_detached,
    exchange_log::BrowserExchange,
    forward::ResponseBody,
    login::Login,
    operations::{logout, session_view, silent_reauthentication},
    provider::{csp_origins, list},
    refresh::Reuse,
    request_cookies::{RequestCookies, WithCookies},
    settings::Settings,
    store::{RevocationQueue as _, RevocationQueueLength, Store as _},
};
use confidant_protocol::AuthorizationResponse;
use confidant_wire::{LoginFinished, LoginStarted, ProviderView, SessionView, SignedOut};
use http::HeaderMap;
use std::{fmt, sync::Arc};

/// The backend for frontend; cheap to clone.
#[derive(Clone)]
pub struct Bff(Arc<Components>);

impl Bff {
    pub(crate) fn new(components: Arc<Components>) -> Self {
        Self(components)
    }

    pub(crate) fn components(&self) -> &Components {
        &self.0
    }

    /// Returns the settings.
    pub fn settings(&self) -> &Settings {
        &self.0.settings
    }

    fn cookies(&self, headers: &HeaderMap) -> RequestCookies {
        RequestCookies::from_headers(headers, &self.0.settings.names)
    }

    /// Returns the session of a request with these headers. With the feature
    /// `axum`, handlers take [`Session`] as an extractor instead.
    ///
    /// # Errors
    /// [`BffError::Store`].
    pub async fn session(&self, headers: &HeaderMap) -> Result<Option<Session>, BffError> {
        let found = self.0.sessions.find(&self.cookies(headers)).await?;
        Ok(found.map(|record| Session::new(self.0.clone(), record)))
    }

    /// Returns whether the user is signed in, as whom, and until when.
    ///
    /// # Errors
    /// [`BffError::Store`].
    pub async fn session_view(&self, headers: &HeaderMap) -> Result<SessionView, BffError> {
        session_view::session_view(&self.0, &self.cookies(headers)).await
    }

    /// Returns the providers on offer.
    pub fn providers(&self) -> Vec<ProviderView> {
        list::providers(&self.0.providers, &self.0.settings)
    }

    /// Starts a sign-in: stores what its response must match, and returns
    /// where the browser goes.
    ///
    /// # Errors
    /// [`BffError::Login`], [`BffError::Metadata`], [`BffError::Store`].
    pub async fn start_login(
        &self,
        headers: &HeaderMap,
        request: LoginRequest,
    ) -> Result<WithCookies<LoginStarted>, BffError> {
        Login::of(&self.0)
            .start(&self.cookies(headers), request)
            .await
    }

    /// Finishes a sign-in: checks the authorization response, exchanges the
    /// code, and starts the session. A session that the browser had before
    /// ends only then.
    ///
    /// # Errors
    /// [`BffError::Login`] and whatever stands in the way of the exchange; no
    /// session has changed then.
    pub async fn finish_login(
        &self,
        headers: &HeaderMap,
        response: AuthorizationResponse,
    ) -> Result<WithCookies<LoginFinished>, BffError> {
        let (components, cookies) = (self.0.clone(), self.cookies(headers));
        // A code that is exchanged while the browser goes away must not leave a
        // grant behind.
        run_detached(async move { Login::of(&components).finish(&cookies, response).await }).await
    }

    /// Starts a silent re-authentication, if the tokens of the request's
    /// session can only be obtained by authorizing once more: the browser goes
    /// to the provider, which asks nothing, and returns to `return_to`.
    ///
    /// # Errors
    /// [`BffError::Store`], [`BffError::Metadata`].
    pub async fn silent_reauthentication(
        &self,
        headers: &HeaderMap,
        return_to: &str,
    ) -> Result<Option<WithCookies<LoginStarted>>, BffError> {
        silent_reauthentication::start(&self.0, &self.cookies(headers), return_to).await
    }

    /// Ends the session here, and revokes its tokens at the provider
    /// (RFC 7009). Signing out twice is not an error. The cookies are to be
    /// set whether it succeeds or not.
    ///
    /// # Errors
    /// [`BffError::Store`]; [`BffError::BadCookie`] when a session cookie came
    /// that cannot be read, so that a session may still exist.
    pub async fn logout(&self, headers: &HeaderMap) -> WithCookies<Result<SignedOut, BffError>> {
        let (components, cookies) = (self.0.clone(), self.cookies(headers));
        run_detached(async move { logout::logout(&components, &cookies).await }).await
    }

    /// Records a browser's request in the exchange log of its session.
    /// Returns `None` without a session, or when the log is off.
    pub async fn record_browser_request(
        &self,
        headers: &HeaderMap,
        method: &str,
        path: &str,
    ) -> Option<BrowserExchange> {
        let log = &self.0.exchange_log;
        if !log.is_on() {
            return None;
        }
        let session = self.0.sessions.find(&self.cookies(headers)).await.ok()??;
        BrowserExchange::start(log, &self.0.clock, &session.grant, method, path)
    }

    /// Returns the origins of the providers' authorization endpoints. The
    /// `form-action` of a page with a sign-in form must name them: browsers
    /// hold the redirect that follows a form against it.
    pub fn authorization_origins(&self) -> Vec<String> {
        csp_origins::of_authorization(&self.0.providers)
    }

    /// Returns the origins that pages call themselves, for their
    /// `connect-src`: APIs and provider endpoints, where pages are public
    /// clients or get tokens from a token-mediating backend.
    pub fn page_origins(&self) -> Vec<String> {
        csp_origins::of_pages(&self.0.providers, &self.0.settings.apis)
    }

    /// Forwards a request to the API that its path names, and returns the
    /// answer as it comes. The caller has checked that the request is the
    /// application's own.
    ///
    /// # Errors
    /// [`BffError::Forward`], [`BffError::NotSignedIn`], [`BffError::Token`].
    pub async fn forward<B>(
        &self,
        request: http::Request<B>,
    ) -> Result<http::Response<ResponseBody>, BffError>
    where
        B: http_body::Body<Data = bytes::Bytes> + Send + Unpin + 'static,
    {
        self.0.forwarder.forward(request).await
    }

    /// Returns the application's own origin, as browsers spell it.
    pub fn public_origin(&self) -> String {
        self.0.settings.public_url.origin().ascii_serialization()
    }

    /// Treats the refresh tokens of this provider by this rule from now on, in
    /// this process; by its profile again with `None`. For demonstrations: a
    /// real provider does not change its rules from one minute to the next.
    pub fn override_reuse(&self, provider: &str, reuse: Option<Reuse>) {
        if let Some(provider) = self.0.providers.get(provider) {
            provider.override_reuse(reuse);
        }
    }

    /// Returns the rule for the refresh tokens of this provider.
    pub fn reuse_rule(&self, provider: &str) -> Option<Reuse> {
        self.0
            .providers
            .get(provider)
            .map(|provider| provider.reuse())
    }

    /// Describes the library's metrics to the recorder of the `metrics` crate.
    /// Call it once, after the recorder is installed.
    pub fn describe_metrics(&self) {
        self.0.metrics.describe();
    }

    /// Checks that the session store answers.
    ///
    /// # Errors
    /// [`BffError::Store`].
    pub async fn ready(&self) -> Result<(), BffError> {
        Ok(self.0.sessions.store.ping().await?)
    }

    /// Returns how many ended sessions have tokens that are still to be revoked at
    /// their provider.
    ///
    /// # Errors
    /// [`BffError::Store`].
    pub async fn revocation_queue_length(&self) -> Result<RevocationQueueLength, BffError> {
        Ok(self.0.sessions.store.revocation_queue_length().await?)
    }

    /// Deletes expired sign-ins and sessions now. The background task does so
    /// every five minutes.
    ///
    /// # Errors
    /// [`BffError::Store`].
    pub async fn sweep(&self) -> Result<(), BffError> {
        Ok(background::sweep(&self.0).await?)
    }

    /// Stops the background task. Dropping every handle does so, too.
    pub fn shutdown(&self) {
        if let Some(task) = self.0.background.get() {
            task.abort();
        }
    }
}

impl fmt::Debug for Bff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bff")
            .field("public_url", &self.0.settings.public_url.as_str())
            .finish_non_exhaustive()
    }
}
