//! Runs the scenario with one kind after the other. For each the user signs in
//! at the provider, so the page leaves and comes back.

use super::{
    pending_run::PendingRun,
    result::{Comparison, Run},
    scenario::Scenario,
    state::{ComparisonState, RESULT},
    step::Step,
};
use crate::{
    browser,
    clients::{self, OAuthClient, providers},
    routes::COMPARE,
};
use confidant_wire::{ClientKind, Problem};
use leptos::{prelude::*, task::spawn_local};

/// Starts a comparison of these kinds.
pub(super) fn start(state: ComparisonState, kinds: Vec<ClientKind>, by_step: bool) {
    if state.running.get_untracked() {
        return;
    }
    state.running.set(true);
    let pending = PendingRun {
        comparison: Comparison::begin(browser::now()),
        all: kinds.len(),
        kinds,
        by_step,
        left_at: 0,
    };
    spawn_local(async move {
        sign_in_to_next(state, pending).await;
        state.running.set(false);
    });
}

/// Goes on with a comparison whose user comes back from the provider.
pub(super) fn resume(state: ComparisonState) {
    let Some(pending) = PendingRun::resume() else {
        return;
    };
    state.running.set(true);
    spawn_local(async move {
        go_on(state, pending).await;
        state.running.set(false);
    });
}

/// Takes the user to the provider for the next kind, and ends the comparison if
/// there is none. A kind that cannot be signed in to is skipped.
async fn sign_in_to_next(state: ComparisonState, mut pending: PendingRun) {
    while let Some(kind) = pending.kinds.first().copied() {
        let problem = match clients::client(kind) {
            Some(client) => match authorization_url(client).await {
                Ok(url) => {
                    pending.left_at = browser::now();
                    if pending.store() {
                        return browser::leave_for(&url);
                    }
                    "This browser stores nothing for this page, and so cannot come back to it."
                        .to_owned()
                }
                Err(problem) => problem.message,
            },
            None => "There is no such kind.".to_owned(),
        };
        pending.kinds.remove(0);
        pending.comparison.runs.push(Run::failed(kind, problem));
    }
    show(state, &pending.comparison);
    state.control.end();
    browser::focus(RESULT);
}

/// Ends the session that is there, and starts another.
async fn authorization_url(client: &'static dyn OAuthClient) -> Result<String, Problem> {
    client.sign_out().await?;
    let mut providers = providers().into_iter();
    let provider = providers.find(|provider| client.is_offered(provider));
    let id = provider.map(|provider| provider.id).unwrap_or_default();
    client.start(id, COMPARE.to_owned()).await
}

/// Runs the scenario with the kind that was signed in to.
async fn go_on(state: ComparisonState, mut pending: PendingRun) {
    let control = state.control;
    let signing_in = browser::now().saturating_sub(pending.left_at);
    control.begin(pending.by_step, pending.all * Step::ALL.len());
    let before = pending.comparison.runs.len() * Step::ALL.len();
    show(state, &pending.comparison);
    if !pending.kinds.is_empty() {
        let kind = pending.kinds.remove(0);
        if let Some(client) = clients::client(kind) {
            let run = Scenario::new(client, control, before).run_steps(signing_in);
            pending.comparison.runs.push(run.await);
        }
    }
    if control.is_stopped() {
        pending.kinds.clear();
    }
    sign_in_to_next(state, pending).await;
}

fn show(state: ComparisonState, comparison: &Comparison) {
    if !comparison.runs.is_empty() {
        state.result.set(Some(Ok(comparison.clone())));
    }
}
