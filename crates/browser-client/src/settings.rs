//! What a public client is set up with.

use crate::api::ApiPrefix;
use confidant_protocol::Reuse;

/// The settings of one client at one provider.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The issuer identifier; endpoints are discovered from it.
    pub issuer: String,
    /// The `client_id` of the public client.
    pub client_id: String,
    /// Where the provider sends the browser back to; on this page's origin.
    pub redirect_uri: String,
    /// The scopes asked for.
    pub scopes: Vec<String>,
    /// Where the tokens are kept.
    pub storage: Storage,
    /// Who may send the token: whoever has it, or whoever has the key as well.
    pub sender: Sender,
    /// What the provider does with a refresh token that it has seen before.
    pub reuse: Reuse,
    /// The only APIs that ever get the token.
    pub apis: Vec<ApiPrefix>,
    /// Keeps this client's storage, locks and key apart from those of others
    /// on the same origin: the id of the client kind, say.
    pub namespace: String,
    /// Where the provider sends the browser after a sign-out, if anywhere
    /// (OIDC RP-Initiated Logout).
    pub post_logout_redirect_uri: Option<String>,
}

/// Where a browser client keeps its tokens (RFC 10017, section 8). Script that
/// runs in the page can get at all of them; they differ in how long they stay
/// and in who shares them.
#[derive(Clone, Debug, PartialEq, Eq, Default)]
pub enum Storage {
    /// A variable of the page: gone with it. Each tab has its own grant.
    Memory,
    /// The memory of a dedicated worker: as [`Storage::Memory`], but not in
    /// the page's own heap.
    WebWorker {
        /// Where [`TOKEN_WORKER`](crate::TOKEN_WORKER) is served.
        script: String,
    },
    /// sessionStorage: stays for as long as the tab, through reloads. A tab
    /// that the browser duplicated shares the grant of its original.
    Session,
    /// localStorage: stays until signed out; all tabs share one grant.
    #[default]
    Local,
}

/// What it takes to use a token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Sender {
    /// To have it (RFC 6750).
    #[default]
    Bearer,
    /// To have it and a key that cannot leave this browser (RFC 9449).
    Dpop,
}

impl Settings {
    /// The name that all of this client's stored things begin with.
    pub(crate) fn name(&self) -> String {
        format!(
            "confidant/{}/{}/{}",
            self.namespace, self.client_id, self.issuer
        )
    }
}
