//! One live region for all pages, so that what is said outlives the page on
//! which it was said.

use leptos::prelude::*;

/// Says a sentence to a screen reader; shared by context.
#[derive(Clone, Copy)]
pub(crate) struct Announcer(RwSignal<String>);

impl Announcer {
    /// Provides the announcer to all that is below.
    pub(super) fn provide() -> Self {
        let announcer = Self(RwSignal::new(String::new()));
        provide_context(announcer);
        announcer
    }

    /// Says it.
    pub(crate) fn say(self, text: &str) {
        self.0.set(text.to_owned());
    }

    /// The region itself.
    pub(super) fn region(self) -> AnyView {
        view! {
            <p class="unseen" role="status" aria-live="polite">
                {move || self.0.get()}
            </p>
        }
        .into_any()
    }
}
