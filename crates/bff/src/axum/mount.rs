//! What an axum application mounts: the routes and the layers.

use super::{csrf::CsrfLayer, error_page::ErrorPage, headers::SecurityHeadersLayer, router};
use crate::Bff;
use axum::Router;

impl Bff {
    /// Returns the router of the library: sign-in, session, tokens and
    /// forwarded APIs, under the paths of the settings. It protects its routes
    /// itself.
    pub fn routes<S>(&self) -> Router<S>
    where
        S: Clone + Send + Sync + 'static,
    {
        router::routes(self)
    }

    /// Returns the layer that protects the application's own routes against
    /// cross-site requests.
    pub fn csrf_layer(&self) -> CsrfLayer {
        CsrfLayer::new(self.public_origin(), &self.settings().paths)
    }

    /// Returns the layer that adds security headers to answers without them.
    pub fn security_headers_layer(&self) -> SecurityHeadersLayer {
        SecurityHeadersLayer::new(self.is_https())
    }

    /// Returns the page that reports errors to users.
    pub fn error_page(&self) -> &ErrorPage {
        &self.components().error_page
    }

    pub(crate) fn is_https(&self) -> bool {
        self.settings().public_url.scheme() == "https"
    }
}
