//! The ring that empties as a token's lifetime runs out.

use crate::{actions::PageState, browser, time, time::Lifetime};
use leptos::prelude::*;
use std::time::Duration;

/// A ring, readable as text. What is rendered first depends on the holder's
/// clock alone, so server and browser render the same.
#[component]
pub(crate) fn Countdown(lifetime: Lifetime) -> impl IntoView {
    let left = RwSignal::new(lifetime.remaining(lifetime.read_at));
    let ticking = lifetime.clone();
    Effect::new(move || tick(ticking.clone(), left));
    view! {
        <div class="ring-box">
            {move || match left.get() {
                Some(left) => ring(left, lifetime.share_left(left)).into_any(),
                None => view! { <p class="ring-none">{"no expiry given"}</p> }.into_any(),
            }}
        </div>
    }
}

fn ring(left: u64, share: u64) -> impl IntoView {
    let (label, text, class) = match left {
        0 => (
            "The access token has expired".to_owned(),
            "expired".to_owned(),
            "ring spent",
        ),
        left => (
            format!("{} until the access token expires", time::spoken(left)),
            time::short(left),
            "ring",
        ),
    };
    let arc = (left > 0).then(|| {
        view! {
            <circle
                class="arc"
                cx=50
                cy=50
                r=43
                pathLength=1000
                stroke-dasharray=format!("{share} 1000")
                transform="rotate(-90 50 50)"
            />
        }
        .into_any()
    });
    // Numbers, not texts: Leptos would create an element of constant texts from
    // HTML, which the page's policy forbids.
    view! {
        <svg class=class viewBox="0 0 100 100" role="img" aria-label=label>
            <circle class="track" cx=50 cy=50 r=43 />
            {arc}
            <text x=50 y=50 dy="0.36em" text-anchor="middle">{text}</text>
        </svg>
    }
}

/// Reads the clock each second instead of counting seconds: a machine that
/// slept counts none.
fn tick(lifetime: Lifetime, left: RwSignal<Option<u64>>) {
    let state = use_context::<PageState>();
    // What came with the page arrived before the scripts did.
    let arrived = match state.is_some_and(PageState::is_first) {
        true => browser::page_arrived(),
        false => browser::now(),
    };
    let read = move || {
        let now = lifetime.remaining(lifetime.holder_now(arrived, browser::now()));
        let Some(before) = left.try_get_untracked().filter(|before| *before != now) else {
            return;
        };
        left.set(now);
        if let (Some(before), Some(now), Some(state)) = (before, now, state)
            && let Some(text) = time::announcement(before, now)
        {
            state.announce(text);
        }
    };
    if let Ok(interval) = set_interval_with_handle(read, Duration::from_secs(1)) {
        on_cleanup(move || interval.clear());
    }
}

#[cfg(all(test, feature = "ssr"))]
mod tests {
    use super::*;

    #[test]
    fn a_ring_says_what_it_shows() {
        let html = crate::samples::html(|| ring(41, 683));
        assert!(html.contains(r#"aria-label="41 seconds until the access token expires""#));
        assert!(
            html.contains(">41 s<") && html.contains(r#"stroke-dasharray="683 1000""#),
            "{html}"
        );
    }

    #[test]
    fn a_spent_ring_has_no_arc_left() {
        let html = crate::samples::html(|| ring(0, 0));
        assert!(
            html.contains(">expired<") && !html.contains("\"arc\""),
            "{html}"
        );
    }
}
