//! What the client takes a provider to do with refresh tokens that it has seen
//! before, where somebody says otherwise than its profile.

use crate::{bff::Bff, provider::ProviderClient, refresh::Reuse};

impl Bff {
    /// Has this provider's refresh tokens treated so from now on, in this
    /// process only; as its profile says where none is given. For
    /// demonstrations: elsewhere a profile is enough, because providers do not
    /// change their minds from one minute to the next.
    pub fn override_reuse(&self, provider: &str, reuse: Option<Reuse>) {
        if let Some(provider) = self.0.providers.get(provider) {
            provider.override_reuse(reuse);
        }
    }

    /// What we take this provider to do; none where there is no such provider.
    pub fn reuse_rule(&self, provider: &str) -> Option<Reuse> {
        self.0.providers.get(provider).map(ProviderClient::reuse)
    }
}
