//! The first step: what the response must match is stored, and the browser
//! goes to the provider.

use super::{
    LOGIN_LIFETIME, Login, LoginError, PendingLogin, SignInParameters,
    request::{OneTime, Purpose, authorization_url},
};
use crate::{
    BffError,
    clock::millis,
    digest::Digest,
    provider::ProviderClient,
    request_cookies::{RequestCookies, WithCookies, set_cookie},
    store::Store as _,
};
use confidant_protocol::ReturnTo;
use confidant_wire::{ClientKind, LoginStarted};

/// What the application wants of a sign-in.
#[derive(Clone, Debug, Default)]
pub struct LoginRequest {
    /// The id of the provider; the first one when `None`.
    pub provider: Option<String>,
    /// The kind of client; a backend for frontend when `None`.
    pub kind: Option<String>,
    /// The path where the user goes afterwards; that of the settings when
    /// `None`.
    pub return_to: Option<String>,
    /// Parameters of this authorization request.
    pub parameters: SignInParameters,
}

impl Login<'_> {
    /// Starts the sign-in that the application wants.
    pub(crate) async fn start(
        &self,
        cookies: &RequestCookies,
        request: LoginRequest,
    ) -> Result<WithCookies<LoginStarted>, BffError> {
        let provider = match &request.provider {
            Some(id) => self.providers.get(id),
            None => self.providers.iter().next(),
        };
        let provider = provider.ok_or(LoginError::UnknownProvider)?;
        let kind = match &request.kind {
            Some(kind) => kind.parse().ok(),
            None => Some(ClientKind::BFF),
        };
        let kind = kind
            .filter(|kind| provider.serves(*kind))
            .ok_or(LoginError::UnknownKind)?;
        let return_to = request
            .return_to
            .unwrap_or_else(|| self.settings.paths.after_login(kind));
        let return_to = ReturnTo::try_from(return_to).map_err(|_| LoginError::BadReturnTo)?;
        request.parameters.check()?;
        let purpose = Purpose::SignIn(request.parameters);
        self.request_authorization(cookies, provider, kind, return_to, purpose)
            .await
    }

    /// Stores what the response must match, and returns where the browser
    /// goes.
    pub(crate) async fn request_authorization(
        &self,
        cookies: &RequestCookies,
        provider: &ProviderClient,
        kind: ClientKind,
        return_to: ReturnTo,
        purpose: Purpose,
    ) -> Result<WithCookies<LoginStarted>, BffError> {
        let metadata = provider.metadata().await?;
        let once = OneTime {
            state: self.secret(),
            nonce: self.secret(),
            verifier: self.secret(),
        };
        let url = authorization_url(provider, &metadata, &once, &purpose);
        let now = self.clock.now();
        let login = PendingLogin {
            provider: provider.settings.id.clone(),
            kind,
            return_to: return_to.into(),
            nonce: once.nonce,
            verifier: once.verifier,
            authorization_url: url.to_string(),
            renews: purpose.renews(),
            began_at: now,
            expires_at: now.saturating_add(millis(LOGIN_LIFETIME)),
        };
        // All tabs of a browser share one binding: a second sign-in does not
        // break the first.
        let binding = cookies.binding.value();
        let binding = binding.map_or_else(|| self.secret(), str::to_owned);
        let store = &self.sessions.store;
        store
            .save_login(&Digest::of(&once.state), &Digest::of(&binding), &login)
            .await?;
        let cookie = set_cookie(&self.settings.names.login_cookie, &binding, LOGIN_LIFETIME);
        Ok(WithCookies {
            body: LoginStarted {
                authorization_url: url.into(),
            },
            cookies: cookie.into_iter().collect(),
        })
    }
}
