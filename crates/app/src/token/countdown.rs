//! The ring that empties as a token's life runs out.

use crate::{browser, clock, frame::Announcer};
use leptos::prelude::*;
use std::time::Duration;
use wire::TokenView;

/// A ring, readable as text. The first drawing is reckoned from the server's
/// clock alone, so that both sides of hydration draw the same.
#[component]
pub(super) fn Countdown(
    token: TokenView,
    /// The browser's clock as the view came in; none if it came with the page.
    arrived: Option<u64>,
) -> impl IntoView {
    let Some(first) = clock::remaining(&token, token.now) else {
        return view! { <p class="ring-none">"no expiry given"</p> }.into_any();
    };
    let left = RwSignal::new(first);
    let full = token.clone();
    let arc = move || format!("{} 1000", clock::share_left(&full, left.get()));
    let said = move || match left.get() {
        0 => "The access token has expired".to_owned(),
        left => format!("{} until the access token expires", clock::spoken(left)),
    };
    let written = move || match left.get() {
        0 => "expired".to_owned(),
        left => clock::short(left),
    };
    Effect::new(move || tick(token.clone(), arrived, left));

    view! {
        <svg class="ring" class:spent=move || left.get() == 0 viewBox="0 0 100 100" role="img" aria-label=said>
            <circle class="track" cx="50" cy="50" r="43"></circle>
            <circle
                class="arc"
                cx="50"
                cy="50"
                r="43"
                pathLength="1000"
                stroke-dasharray=arc
                transform="rotate(-90 50 50)"
            ></circle>
            <text x="50" y="50" dy="0.36em" text-anchor="middle">
                {written}
            </text>
        </svg>
    }
    .into_any()
}

/// Reads the clock each second instead of counting seconds: a machine that
/// slept counts none.
fn tick(token: TokenView, arrived: Option<u64>, left: RwSignal<u64>) {
    let announcer = use_context::<Announcer>();
    let arrived = arrived.unwrap_or_else(browser::page_arrived);
    let read = move || {
        let now = clock::server_now(token.now, arrived, browser::now());
        let now = clock::remaining(&token, now).unwrap_or_default();
        let before = left.get_untracked();
        if before == now {
            return;
        }
        left.set(now);
        if let (Some(announcer), Some(text)) = (announcer, clock::announcement(before, now)) {
            announcer.say(text);
        }
    };
    if let Ok(interval) = set_interval_with_handle(read, Duration::from_secs(1)) {
        on_cleanup(move || interval.clear());
    }
}
