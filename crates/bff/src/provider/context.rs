//! The context of a request to a provider.

use crate::{grant::GrantId, http_client::RequestContext};
use confidant_wire::Party;
use std::time::Duration;

/// How long an exchange with a provider may take, apart from token requests,
/// whose deadline is configured.
pub(super) const DEADLINE: Duration = Duration::from_secs(5);

/// Returns the context of a request about this grant.
pub(super) fn about(grant: &GrantId) -> RequestContext<'_> {
    RequestContext {
        grant: Some(grant),
        ..about_no_grant()
    }
}

/// Returns the context of a request that concerns no grant.
pub(super) fn about_no_grant<'a>() -> RequestContext<'a> {
    RequestContext {
        to: Party::Provider,
        grant: None,
        deadline: DEADLINE,
    }
}
