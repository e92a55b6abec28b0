//! What the user sees of a run, and how they stop it or let it go on.

use super::step::Step;
use confidant_browser::{Browser, Platform};
use leptos::prelude::*;

/// How often a waiting run looks at its controls, in milliseconds.
const PAUSE: u32 = 50;

/// How far a run has come.
#[derive(Clone, Debug, PartialEq)]
enum Progress {
    /// Nothing was started.
    Idle,
    /// This step runs, or waits until the user confirms it.
    Step {
        words: String,
        number: usize,
        steps: usize,
        waits: bool,
    },
    /// The run ended, or was stopped.
    Ended { stopped: bool },
}

/// The controls of a run.
#[derive(Clone, Copy)]
pub(super) struct Control {
    progress: RwSignal<Progress>,
    stopped: RwSignal<bool>,
    confirmed: RwSignal<bool>,
    by_step: RwSignal<bool>,
    steps: RwSignal<usize>,
}

impl Control {
    pub(super) fn new() -> Self {
        Self {
            progress: RwSignal::new(Progress::Idle),
            stopped: RwSignal::new(false),
            confirmed: RwSignal::new(false),
            by_step: RwSignal::new(false),
            steps: RwSignal::new(0),
        }
    }

    /// Begins a run of this many steps, each confirmed by the user or not.
    pub(super) fn begin(self, by_step: bool, steps: usize) {
        self.stopped.set(false);
        self.by_step.set(by_step);
        self.steps.set(steps);
    }

    /// Whether the user has stopped the run.
    pub(super) fn is_stopped(self) -> bool {
        self.stopped.get_untracked()
    }

    /// Shows which step of which kind runs, the `number`th of all; waits before
    /// it if the user wants to confirm each step.
    pub(super) async fn begin_step(self, kind: &str, step: Step, number: usize) {
        let show = |waits| {
            let steps = self.steps.get_untracked();
            self.progress.set(Progress::Step {
                words: format!("{kind}: {} ({number} of {steps})", step.name()),
                number,
                steps,
                waits,
            });
        };
        if self.by_step.get_untracked() {
            self.confirmed.set(false);
            show(true);
            while !self.confirmed.get_untracked() && !self.is_stopped() {
                Browser.sleep(PAUSE).await;
            }
        }
        show(false);
    }

    /// Shows that the run has ended.
    pub(super) fn end(self) {
        let stopped = self.is_stopped();
        self.progress.set(Progress::Ended { stopped });
    }
}

/// How far the run has come, and its buttons.
#[component]
pub(super) fn ProgressView(control: Control) -> impl IntoView {
    let view = move || match control.progress.get() {
        Progress::Idle => ().into_any(),
        Progress::Ended { stopped } => {
            let words = match stopped {
                true => "Stopped. What was measured until then stands below.",
                false => "Done. The result stands below.",
            };
            view! { <p>{words}</p> }.into_any()
        }
        Progress::Step {
            words,
            number,
            steps,
            waits,
        } => {
            let confirm = waits.then(|| {
                view! {
                    <button class="primary" type="button" on:click=move |_| control.confirmed.set(true)>
                        {"Do it"}
                    </button>
                }
            });
            view! {
                <p>
                    <progress
                        max=steps.to_string()
                        value=number.to_string()
                        aria-label="Progress of the comparison"
                    ></progress>
                    {" "}
                    {words}
                </p>
                <div class="buttons">
                    {confirm}
                    <button type="button" on:click=move |_| control.stopped.set(true)>{"Stop"}</button>
                </div>
            }
            .into_any()
        }
    };
    view! { <div id="compare-progress" role="status" aria-live="polite">{view}</div> }
}
