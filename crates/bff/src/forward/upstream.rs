//! One API, ready to be called.

use super::concurrency_limit::ConcurrencyLimit;
use crate::{grant::TokenRequirement, settings::Api};
use http::Uri;
use std::sync::Arc;

pub(super) struct Upstream {
    pub(super) settings: Api,
    /// What its tokens must be valid for.
    pub(super) requirement: TokenRequirement,
    /// The id, shared with answers that are under way.
    pub(super) name: Arc<str>,
    /// What the addresses of its paths begin with.
    base: Uri,
    pub(super) concurrency_limit: ConcurrencyLimit,
}

impl Upstream {
    pub(super) fn new(settings: &Api) -> Result<Self, http::Error> {
        Ok(Self {
            settings: settings.clone(),
            requirement: TokenRequirement {
                resource: settings.resource.clone(),
                scope: settings.scope.clone(),
            },
            name: settings.id.as_str().into(),
            base: settings.upstream.as_str().parse::<Uri>()?,
            concurrency_limit: ConcurrencyLimit::new(),
        })
    }

    /// Returns the address of a path of this API.
    pub(super) fn uri(&self, path: &str, query: Option<&str>) -> Option<Uri> {
        let base = self.base.path().trim_end_matches('/');
        let path_and_query = match query {
            Some(query) => format!("{base}{path}?{query}"),
            None => format!("{base}{path}"),
        };
        let mut parts = self.base.clone().into_parts();
        parts.path_and_query = Some(path_and_query.try_into().ok()?);
        Uri::from_parts(parts).ok()
    }
}
