//! The settings of a public client.

use crate::api_prefix::ApiPrefix;
use confidant_protocol::ProviderProfile;
use std::rc::Rc;

/// The settings of one client at one provider.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The issuer identifier; the client discovers the endpoints from it.
    pub issuer: String,
    /// The `client_id` of the public client.
    pub client_id: String,
    /// Where the provider sends the browser back to; on this page's origin.
    pub redirect_uri: String,
    /// The requested scopes.
    pub scopes: Vec<String>,
    /// Where the client stores its tokens.
    pub storage: Storage,
    /// What a token is bound to.
    pub binding: TokenBinding,
    /// How the provider behaves where the standards leave it open. The profile
    /// `generic` is the careful choice. Refresh tokens that are bound to a key
    /// need not rotate: then its rule is [`Reuse::Reusable`](crate::Reuse).
    pub profile: ProviderProfile,
    /// The only APIs that receive the token.
    pub apis: Vec<ApiPrefix>,
    /// Separates this client's storage, locks and key from those of other
    /// clients on the same origin.
    pub namespace: String,
    /// Where the provider sends the browser after a sign-out, if anywhere
    /// (OpenID Connect RP-Initiated Logout 1.0).
    pub post_logout_redirect_uri: Option<String>,
}

/// Where a client stores its tokens (RFC 10017, section 8). A script that runs
/// in the page can read all of them; they differ in how long they last and in
/// which tabs share them.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Storage {
    /// A variable of the page: lost on reload. Each tab has its own grant.
    Memory,
    /// The memory of a dedicated worker: as [`Storage::Memory`], but not in
    /// the page's own heap.
    WebWorker {
        /// Where [`TOKEN_WORKER`](crate::TOKEN_WORKER) is served.
        script: String,
    },
    /// sessionStorage: lasts as long as the tab, through reloads. A tab that
    /// the browser duplicated shares the grant of its original.
    Session,
    /// localStorage: lasts until the sign-out; all tabs share one grant.
    #[default]
    Local,
}

/// What a token is bound to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum TokenBinding {
    /// Nothing: possession is enough (RFC 6750).
    #[default]
    Bearer,
    /// A key that cannot leave this browser (RFC 9449).
    Dpop,
}

/// The common beginning of the names of everything that a client stores.
#[derive(Clone, Debug)]
pub(crate) struct KeyPrefix(Rc<str>);

impl KeyPrefix {
    /// Returns the prefix of a client with these settings.
    pub(crate) fn of(settings: &Settings) -> Self {
        let Settings {
            namespace,
            client_id,
            issuer,
            ..
        } = settings;
        Self(format!("confidant/{namespace}/{client_id}/{issuer}").into())
    }

    /// Returns the name of one stored item.
    pub(crate) fn key(&self, item: &str) -> Rc<str> {
        format!("{}/{item}", self.0).into()
    }

    /// Returns the prefix itself.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}
