//! The provider's changing state, behind one lock.

use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::{
    decision_log::DecisionLog,
    records::{
        state_file::{StateFile, StateFileError},
        store::Records,
    },
    request_counts::RequestCounts,
};

/// Everything that requests change. One lock guards it all, so that no request
/// sees half of a change.
#[derive(Default)]
pub(crate) struct State {
    pub(crate) records: Records,
    pub(crate) decisions: DecisionLog,
    pub(crate) requests: RequestCounts,
}

/// The state and the file that keeps its records.
pub(crate) struct StateStore {
    state: Mutex<State>,
    file: Option<StateFile>,
}

impl StateStore {
    /// Opens a store with `records`. The file is written at once, so that its
    /// keys survive a restart before the first sign-in, and an unwritable file
    /// is reported at the start.
    pub(crate) fn open(records: Records, file: Option<StateFile>) -> Result<Self, StateFileError> {
        if let Some(file) = &file {
            file.save(&records)?;
        }
        let state = State {
            records,
            ..State::default()
        };
        Ok(Self {
            state: Mutex::new(state),
            file,
        })
    }

    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs `change` and saves the records before the lock is released, so
    /// that no request sees a change that a crash could undo.
    pub(crate) fn update<T>(&self, change: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.lock();
        let result = change(&mut state);
        if let Some(Err(error)) = self.file.as_ref().map(|file| file.save(&state.records)) {
            tracing::error!(%error, "the provider could not save its state");
        }
        result
    }
}
