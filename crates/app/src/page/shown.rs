//! A page as it is shown: its parts in place, and what is alive among them.

use super::{Reading, Readings};
use crate::{browser, client::kind_of, countdown::Countdown, desk::Desk, part, problem};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_location;
use maud::html;

/// The page at the path, whichever it is.
#[component]
pub(crate) fn Shown() -> impl IntoView {
    let path = use_location().pathname;
    let (Some(desk), Some(readings)) = (use_context::<Desk>(), use_context::<Readings>()) else {
        return ().into_any();
    };
    let content = move || {
        let path = path.get();
        Suspend::new(async move {
            let reading = readings.await;
            if reading.path == path {
                show(desk, reading)
            } else {
                // Still the last page's: that of this one is under way.
                waiting()
            }
        })
    };
    view! { <Transition fallback=waiting>{content}</Transition> }.into_any()
}

fn waiting() -> AnyView {
    part::still("", html! { p.soft { "One moment …" } }.into_string())
}

fn show(desk: Desk, reading: Reading) -> AnyView {
    #[cfg(feature = "ssr")]
    super::status::set(reading.status, reading.location.as_deref());
    let kind = kind_of(&reading.path);
    let Reading {
        #[cfg(feature = "public")]
        path,
        title,
        location,
        unknown,
        life,
        parts,
        ..
    } = reading;
    #[cfg(feature = "public")]
    if path == crate::compare::PATH {
        Effect::new(crate::compare::attach);
    }
    if unknown {
        Effect::new(move || desk.recheck());
    }
    if let Some(location) = location {
        Effect::new(move || browser::replace_by(&location));
    }
    // What is focused may be about to be replaced.
    Effect::new(move || desk.refocus());
    let token = match life {
        Some(life) => view! {
            <section class="sheet token" aria-labelledby="token-title">
                <Countdown life />
                {part::still("facts", parts.token)}
            </section>
        }
        .into_any(),
        None => ().into_any(),
    };
    view! {
        <Title text=title />
        {part::still("", parts.top)}
        {problem::area(desk.problem, kind)}
        <div class="two">{part::still("stack", parts.main)} {token}</div>
        <div on:click=move |event| browser::unfold_target(event.target())>
            {part::still("", parts.log)}
        </div>
    }
    .into_any()
}
