//! Entries of the decision log about injected faults.

use crate::{
    decision_log::{DecisionEvent, EventKind},
    faults::{plan::RequestInfo, rule::Fault},
    provider::Provider,
};

/// Logs that `fault` was injected into `request`.
pub(super) fn log_fault(provider: &Provider, request: &RequestInfo, fault: Fault) {
    // The log must not contain text from a request, so it names registered
    // clients only.
    let client = request.client.as_deref().unwrap_or_default();
    let client = provider.config().client(client);
    let (reason, description) = fault.log_entry();
    let client = client.map_or("anybody", |client| &client.id);
    let event = DecisionEvent::new(EventKind::Fault, client, "fault", reason, description)
        .at_endpoint(request.endpoint);
    provider.update_volatile(|state, now| state.decisions.record(now, event));
}
