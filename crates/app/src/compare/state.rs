//! What the comparison shows; shared by its parts.

use super::{control::Control, result::Comparison};
use leptos::prelude::RwSignal;

/// The id of the element that shows the result.
pub(super) const RESULT: &str = "compare-result";

/// What the comparison shows; shared by its parts.
#[derive(Clone, Copy)]
pub(super) struct ComparisonState {
    /// The controls of the run.
    pub(super) control: Control,
    /// The result, or that a file held none.
    pub(super) result: RwSignal<Option<Result<Comparison, NotAResult>>>,
    /// Whether a run is under way.
    pub(super) running: RwSignal<bool>,
    /// Whether scripts run.
    pub(super) hydrated: RwSignal<bool>,
}

/// A file holds no result of a comparison.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct NotAResult;
