//! The ring that empties as a token's life runs out.

use crate::{browser, clock, clock::Life, frame::Announcer, part};
use leptos::prelude::*;
use maud::{Markup, html};
use std::time::Duration;

/// A ring, readable as text. The first drawing is reckoned from the server's
/// clock alone, so that both sides of hydration draw the same.
#[component]
pub(crate) fn Countdown(life: Life) -> impl IntoView {
    let left = ArcRwSignal::new(life.remaining(life.made));
    let ticking = (life.clone(), left.clone());
    Effect::new(move || tick(ticking.0.clone(), ticking.1.clone()));
    part::moving("ring-box", move || match left.get() {
        Some(left) => ring(left, life.share_left(left)),
        None => html! { p.ring-none { "no expiry given" } },
    })
}

fn ring(left: u64, share: u64) -> Markup {
    let (said, written, class) = match left {
        0 => (
            "The access token has expired".to_owned(),
            "expired".to_owned(),
            "ring spent",
        ),
        left => (
            format!("{} until the access token expires", clock::spoken(left)),
            clock::short(left),
            "ring",
        ),
    };
    html! {
        svg class=(class) viewBox="0 0 100 100" role="img" aria-label=(said) {
            circle.track cx="50" cy="50" r="43" {}
            @if left > 0 {
                circle.arc cx="50" cy="50" r="43" pathLength="1000" stroke-dasharray={ (share) " 1000" } transform="rotate(-90 50 50)" {}
            }
            text x="50" y="50" dy="0.36em" text-anchor="middle" { (written) }
        }
    }
}

/// Reads the clock each second instead of counting seconds: a machine that
/// slept counts none.
fn tick(life: Life, left: ArcRwSignal<Option<u64>>) {
    let announcer = use_context::<Announcer>();
    let arrived = life.arrived.unwrap_or_else(browser::page_arrived);
    let read = move || {
        let now = life.remaining(life.server_now(arrived, browser::now()));
        let before = left.get_untracked();
        if before == now {
            return;
        }
        left.set(now);
        if let (Some(before), Some(now), Some(announcer)) = (before, now, announcer)
            && let Some(text) = clock::announcement(before, now)
        {
            announcer.say(text);
        }
    };
    if let Ok(interval) = set_interval_with_handle(read, Duration::from_secs(1)) {
        on_cleanup(move || interval.clear());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ring_says_what_it_shows() {
        let drawn = ring(41, 683).into_string();
        assert!(drawn.contains(r#"aria-label="41 seconds until the access token expires""#));
        assert!(drawn.contains(">41 s<") && drawn.contains(r#"stroke-dasharray="683 1000""#));
    }

    #[test]
    fn a_spent_ring_has_no_arc_left() {
        let drawn = ring(0, 0).into_string();
        assert!(
            drawn.contains(">expired<") && !drawn.contains("arc"),
            "{drawn}"
        );
    }
}
